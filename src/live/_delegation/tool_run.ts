// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { type RealtimeTool, ToolError, type ToolSession } from "../../tools/mod.ts";
import type { LiveToolCall, OnLiveToolApproval } from "../live_tool_call.ts";

/** What the model reads when a tool throws anything but a `ToolError`. */
const NEUTRAL_MESSAGE = "The tool could not complete this call";

/** What carrying out a call needs of its surroundings. */
export interface LiveToolRunOptions {
  /** Decides about calls that need approval. */
  readonly approve: OnLiveToolApproval | undefined;
  /** Has the model say something while a tool runs. */
  readonly fill: (instructions: string) => void;
  /** Aborted when the session ends, or the response of the call fails. */
  readonly signal: AbortSignal;
  /** The session, as tools see it. */
  readonly session: ToolSession;
  /** Source of time. */
  readonly clock: Clock;
}

/** What came of a call. */
export interface LiveToolResult {
  /** What the model reads. */
  readonly output: string;
  /** What went wrong. */
  readonly failure?: { readonly error: unknown };
}

/** Carries out one call. Whatever goes wrong becomes an output, so that no call stays unanswered; never rejects. */
export async function runLiveTool(
  tool: RealtimeTool | undefined,
  call: LiveToolCall,
  { approve, clock, fill, session, signal }: LiveToolRunOptions,
): Promise<LiveToolResult> {
  let stopFiller = () => {};
  try {
    if (!tool) throw new ToolError(`There is no tool named ${call.name}`);
    const args = parseArguments(call.arguments);
    if (await tool.needsApproval?.(args) && !await approve?.(call, { signal })) {
      throw new ToolError(`The call of ${call.name} was not approved`);
    }
    const { filler } = tool;
    if (filler) stopFiller = clock.schedule(() => fill(filler.instructions), filler.afterMs);
    const run = async (signal: AbortSignal) =>
      await tool.call(args, { signal, callId: call.callId, session, idle: () => Promise.resolve() });
    return {
      output: serialize(
        await withTimeout(run, { what: `run tool ${call.name}`, signal, timeoutMs: tool.timeoutMs, clock }),
      ),
    };
  } catch (error) {
    return { output: JSON.stringify({ error: messageForModel(error) }), failure: { error } };
  } finally {
    stopFiller();
  }
}

/** The arguments that the model wrote; an empty text and null stand for none. */
function parseArguments(text: string): unknown {
  try {
    return text.trim() === "" ? {} : JSON.parse(text) ?? {};
  } catch (cause) {
    throw new ToolError(`The arguments are not JSON: ${text.slice(0, 200)}`, { cause });
  }
}

/** A string as it is, anything else as JSON. */
function serialize(result: unknown): string {
  return typeof result === "string" ? result : JSON.stringify(result ?? null) ?? "null";
}

/** Our own words, a `ToolError`'s and those about arguments that do not fit; never those of other exceptions. */
function messageForModel(error: unknown): string {
  if (error instanceof ToolError) return error.message;
  const { message, name } = error as Error;
  const isOurs = /^The arguments do not fit/.test(message) || name === "TimeoutError";
  return isOurs ? message : NEUTRAL_MESSAGE;
}
