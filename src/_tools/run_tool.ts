// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { ResponseConfig } from "../protocol/mod.ts";
import { ArgumentsError } from "../tools/arguments_error.ts";
import type { RealtimeTool, ToolContext, ToolSession } from "../tools/tool.ts";
import { ToolError } from "../tools/tool_error.ts";
import { parseArguments, serialize } from "./tool_text.ts";

/** What the model reads when a tool throws anything but a {@linkcode ToolError}. */
const NEUTRAL_MESSAGE = "The tool could not complete this call";

/** A call as the model made it. */
export interface ModelCall {
  /** Id of the call. */
  readonly callId: string;
  /** Name of the function. */
  readonly name: string;
  /** The arguments, as JSON. */
  readonly arguments: string;
}

/** A response that was asked for while a tool runs. */
export interface Filler {
  /** Its id; `undefined` until it has begun. */
  readonly id: string | undefined;
  /** Takes it back. */
  cancel(): Promise<void>;
}

/** What carrying out a call needs of its surroundings. */
export interface ToolRunOptions<Call extends ModelCall = ModelCall> {
  /** Runs functions that have no tool. */
  readonly dispatch: ((call: Call, context: ToolContext) => unknown) | undefined;
  /** Decides about calls that need approval. */
  readonly approve:
    | ((call: Call, context: { readonly signal: AbortSignal }) => boolean | Promise<boolean>)
    | undefined;
  /** Asks for a few words while a tool runs; returns nothing when somebody speaks, or is about to. */
  readonly requestFiller: (config: ResponseConfig) => Filler | undefined;
  /** Called before the tool runs. */
  readonly onStart: (call: Call) => void;
  /** Resolves when the session is idle but for this call. */
  readonly idle: () => Promise<void>;
  /** The session, as tools see it. */
  readonly session: ToolSession;
  /** Source of time. */
  readonly clock: Clock;
}

/** What came of a call: what the model reads, and what went wrong, if anything did. */
export interface CallResult {
  readonly output: string;
  readonly failure?: { readonly error: unknown };
}

/** The signals of a call. */
export interface CallSignals {
  /** Asks the function to stop; what it returns still counts. */
  readonly interruption: AbortSignal;
  /** Ends the call at once. */
  readonly closing: AbortSignal;
}

const CUT_SHORT = "The call was interrupted before it was complete";

/** An abort, and a call whose arguments were cut short. */
export const INTERRUPTED: DOMException = /* @__PURE__ */ new DOMException(CUT_SHORT, "AbortError");

/** The result of a call whose arguments were cut short. */
export const CUT_CALL: CallResult = {
  output: /* @__PURE__ */ JSON.stringify({ error: CUT_SHORT }),
  failure: { error: INTERRUPTED },
};

/** What the model reads of a call of a function that it made up. */
export function unknownToolOutput(name: string): string {
  return JSON.stringify({ error: `There is no tool named ${name}` });
}

/** What the model reads of a tool whose calls are answered before they are done. */
export function backgroundResult({ callId, name }: ModelCall, output: string): string {
  return `Result of ${name}, call ${callId}: ${output}`;
}

/** An exception of the application's own code. */
class Thrown {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** Carries out one call. Whatever goes wrong becomes an output, so that no call stays unanswered; never rejects. */
export async function runTool<Call extends ModelCall>(
  tool: RealtimeTool | undefined,
  details: Call,
  { interruption, closing, ...options }: ToolRunOptions<Call> & CallSignals,
): Promise<CallResult> {
  const { clock, dispatch, onStart, session, idle } = options;
  const { callId, name } = details;
  let stopFiller = () => {};
  try {
    const args = tool && parseArguments(details.arguments, tool.definition.parameters);
    if (tool) await awaitApproval(tool, args, details, { interruption, closing, ...options });
    onStart(details);
    if (tool?.filler) stopFiller = startFiller(tool.filler.afterMs, tool.filler.instructions, interruption, options);
    const run = async (signal: AbortSignal) => {
      const context = { signal: AbortSignal.any([signal, interruption]), callId, session, idle };
      return await ownCode(() => tool ? tool.call(args, context) : dispatch?.(details, context));
    };
    const timing = { what: `run tool ${name}`, signal: closing, timeoutMs: tool?.timeoutMs, clock };
    return { output: serialize(await withTimeout(run, timing)) };
  } catch (thrown) {
    const error = thrown instanceof Thrown ? thrown.error : thrown;
    return { output: JSON.stringify({ error: messageForModel(thrown, interruption) }), failure: { error } };
  } finally {
    stopFiller();
  }
}

async function awaitApproval<Call extends ModelCall>(
  tool: RealtimeTool,
  args: unknown,
  call: Call,
  { approve, clock, closing, interruption }: ToolRunOptions<Call> & CallSignals,
): Promise<void> {
  const signal = AbortSignal.any([closing, interruption]);
  const decide = () =>
    ownCode(async () => !await tool.needsApproval?.(args) || await approve?.(call, { signal }) === true);
  const isApproved = await withTimeout(decide, { what: "await approval", signal, timeoutMs: undefined, clock });
  if (!isApproved) throw new DOMException(`The call of ${call.name} was not approved`, "NotAllowedError");
}

/** Schedules the filler; the function that is returned takes back what has not been begun. */
function startFiller(
  afterMs: number,
  instructions: string,
  interruption: AbortSignal,
  { clock, requestFiller }: Pick<ToolRunOptions, "clock" | "requestFiller">,
): () => void {
  let filler: Filler | undefined;
  const cancelTimer = clock.schedule(() => {
    if (!interruption.aborted) filler = requestFiller({ instructions, tool_choice: "none" });
  }, afterMs);
  return () => {
    cancelTimer();
    if (filler && filler.id === undefined) filler.cancel().catch(() => {});
  };
}

/** Calls a function of the application, and marks what it throws. */
async function ownCode<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new Thrown(error);
  }
}

/** What the model may read of an error: our own words and a {@linkcode ToolError}'s, never those of other exceptions. */
function messageForModel(thrown: unknown, interruption: AbortSignal): string {
  if (!(thrown instanceof Thrown)) return (thrown as Error).message;
  const { error } = thrown;
  if (error instanceof ToolError || error instanceof ArgumentsError) return error.message;
  return interruption.aborted && error === interruption.reason ? interruption.reason.message : NEUTRAL_MESSAGE;
}
