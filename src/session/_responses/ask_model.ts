// This module is browser compatible.
import type { AskOutcome, ResponseHandle } from "../response_handle.ts";
import type { ResponseRecord } from "./response_record.ts";

/** The session as a question needs it. */
export interface AskModelOptions {
  /** Resolves with the response that follows the tools of this one, if there is one; also at the end of the session. */
  followUpOf(response: ResponseRecord): Promise<ResponseHandle | undefined>;
}

/** Follows a response through the follow-ups of its tools; resolves with the outcome of the last one. */
export async function askModel(first: ResponseRecord, session: AskModelOptions): Promise<AskOutcome> {
  const calls: AskOutcome["calls"][number][] = [];
  let response: ResponseRecord | undefined = first;
  let outcome: AskOutcome | undefined;
  while (response) {
    // Before it ends, as the follow-up is decided at its end.
    const following = session.followUpOf(response);
    const done = await response.done;
    // A follow-up that was withdrawn before it began is not an answer.
    if (outcome && done.status === "cancelled" && response.id === undefined) break;
    const items = done.status === "lost" ? [] : done.response?.output ?? [];
    for (const item of items) if (item.type === "function_call") calls.push(item as AskOutcome["calls"][number]);
    outcome = { ...done, calls, text: response.words };
    // A response that was cut short has no follow-up, and its end may go unreported.
    if (/^(cancelled|lost)$/.test(done.status) || response.id === undefined) break;
    response = await following as ResponseRecord | undefined;
  }
  return outcome!;
}
