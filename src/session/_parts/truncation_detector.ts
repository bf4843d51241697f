// This module is browser compatible.
import { at, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { ResponseConfig } from "../../protocol/mod.ts";
import type { ContextTruncatedEvent } from "../session_events.ts";

/** Fields of the configuration that change what the model reads. */
const READ = ["instructions", "tools", "prompt", "truncation"] as const;

/**
 * Notices that the model does not read the whole conversation any more. The server says nothing of it; but what a
 * response has read is counted, and grows with the conversation, unless somebody takes something out of it.
 */
export class TruncationDetector {
  /**
   * What the next response has to read at least: more than the last one, which has put something out. Unknown when
   * something was taken out of the conversation, until another response is created.
   */
  #leastTokens: number | undefined;

  /** The configuration, with what the model reads besides the conversation. */
  #session: unknown;

  /** Takes in one server event; `config` is what the response in it was asked to do differently from the session. */
  receive({ type, response, session }: WireEvent, config: ResponseConfig = {}): ContextTruncatedEvent | undefined {
    let isOther = /\.item\.(deleted|truncated)$/.test(type);
    if (type === "session.updated") {
      isOther = !this.#session ||
        READ.some((name) => JSON.stringify(at(session, name)) !== JSON.stringify(at(this.#session, name)));
      this.#session = session ?? {};
    }
    if (isOther) this.#leastTokens = undefined;
    // One that reads something else cannot be compared.
    const own = config.input ?? config.instructions ?? config.tools ?? config.prompt;
    if (own !== undefined || at(response, "conversation_id") === null) return;
    if (type === "response.created") this.#leastTokens ??= 0;
    const leastTokens = this.#leastTokens;
    const inputTokens = numberAt(response, "usage", "input_tokens");
    if (leastTokens === undefined || !inputTokens || stringAt(response, "status") !== "completed") return;
    this.#leastTokens = inputTokens + 1;
    if (inputTokens >= leastTokens) return;
    return { type: "context_truncated", responseId: stringAt(response, "id") ?? "", inputTokens, leastTokens };
  }
}
