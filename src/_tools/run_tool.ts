// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { ResponseConfig } from "../protocol/mod.ts";
import { ArgumentsError } from "../tools/arguments_error.ts";
import type { RealtimeTool, ToolContext, ToolSession } from "../tools/tool.ts";
import { ToolError } from "../tools/tool_error.ts";
import { parseArguments, serialize } from "./tool_text.ts";

/** Text for the model when a tool throws anything but a {@linkcode ToolError}. */
const NEUTRAL_MESSAGE = "The tool could not complete this call";

/** A call as made by the model. */
export interface ModelCall {
  /** Id of the call. */
  readonly callId: string;
  /** Name of the function. */
  readonly name: string;
  /** The arguments, as JSON. */
  readonly arguments: string;
}

/** A response that was requested while a tool runs. */
export interface Filler {
  /** Its id; `undefined` until it has begun. */
  readonly id: string | undefined;
  /** Cancels it. */
  cancel(): Promise<void>;
}

/** Dependencies of {@linkcode runTool}. */
export interface ToolRunOptions<Call extends ModelCall = ModelCall> {
  /** Runs functions without a tool. */
  readonly dispatch: ((call: Call, context: ToolContext) => unknown) | undefined;
  /** Decides about calls that need approval. */
  readonly approve:
    | ((call: Call, context: { readonly signal: AbortSignal }) => boolean | Promise<boolean>)
    | undefined;
  /** Requests a few words while a tool runs; returns `undefined` when someone speaks or is about to. */
  readonly requestFiller: (config: ResponseConfig) => Filler | undefined;
  /** Called before the tool runs. */
  readonly onStart: (call: Call) => void;
  /** Resolves when the session is idle except for this call. */
  readonly idle: () => Promise<void>;
  /** The session, as tools see it. */
  readonly session: ToolSession;
  /** Source of time. */
  readonly clock: Clock;
}

/** The result of a call: the text for the model, and the error, if any. */
export interface CallResult {
  readonly output: string;
  readonly failure?: { readonly error: unknown };
}

/** The signals of a call. */
export interface CallSignals {
  /** Asks the function to stop; its return value still counts. */
  readonly interruption: AbortSignal;
  /** Ends the call immediately. */
  readonly closing: AbortSignal;
}

const CUT_SHORT = "The call was interrupted before it was complete";

/** The abort reason of a call whose arguments were truncated. */
export const INTERRUPTED: DOMException = /* @__PURE__ */ new DOMException(CUT_SHORT, "AbortError");

/** The result of a call whose arguments were truncated. */
export const CUT_CALL: CallResult = {
  output: /* @__PURE__ */ JSON.stringify({ error: CUT_SHORT }),
  failure: { error: INTERRUPTED },
};

/** The result of a call of a function that does not exist. */
export function unknownTool(name: string): CallResult {
  const message = `There is no tool named ${name}`;
  return { output: JSON.stringify({ error: message }), failure: { error: new TypeError(message) } };
}

/** Text for the model when a call is acknowledged before it is done. */
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

/** Runs one call. Every failure becomes an output, so that no call stays unanswered; never rejects. */
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
  { approve, closing, interruption }: ToolRunOptions<Call> & CallSignals,
): Promise<void> {
  const signal = AbortSignal.any([closing, interruption]);
  const decide = () =>
    ownCode(async () => !await tool.needsApproval?.(args) || await approve?.(call, { signal }) === true);
  const isApproved = await withTimeout(decide, { signal });
  if (!isApproved) throw new DOMException(`The call of ${call.name} was not approved`, "NotAllowedError");
}

/** Schedules the filler; the returned function cancels it if it has not begun. */
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

/** Calls a function of the application, and marks its exceptions. */
async function ownCode<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new Thrown(error);
  }
}

/** The part of an error that the model may read: our own messages and those of {@linkcode ToolError}, but no others. */
function messageForModel(thrown: unknown, interruption: AbortSignal): string {
  if (!(thrown instanceof Thrown)) return (thrown as Error).message;
  const { error } = thrown;
  const isForModel = error instanceof ToolError || error instanceof ArgumentsError ||
    interruption.aborted && error === interruption.reason;
  return isForModel ? (error as Error).message : NEUTRAL_MESSAGE;
}
