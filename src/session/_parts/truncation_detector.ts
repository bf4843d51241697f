// This module is browser compatible.
import { at, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { ResponseConfig } from "../../protocol/mod.ts";
import type { ContextTruncatedEvent } from "../session_events.ts";

/** Fields of the configuration that affect the model's input. */
const READ = ["instructions", "tools", "prompt", "truncation"] as const;

/**
 * Detects that the model no longer reads the whole conversation. The server does not report it. However, the number of
 * tokens that a response has read grows with the conversation, unless something is removed from it.
 */
export class TruncationDetector {
  /**
   * Minimum number of tokens that the next response has to read: more than the last one. Unknown after something was
   * removed from the conversation, until another response is created.
   */
  #leastTokens: number | undefined;

  /** The configuration, with the model's input besides the conversation. */
  #session: unknown;

  /** Processes a server event; `config` contains the settings of its response that differ from the session's. */
  receive({ type, response, session }: WireEvent, config: ResponseConfig = {}): ContextTruncatedEvent | undefined {
    // The copy of the conversation on a new connection has texts in place of audio, and not all items.
    let isOther = /^session\.created$|\.item\.(deleted|truncated)$/.test(type);
    if (type === "session.updated") {
      isOther = !this.#session ||
        READ.some((name) => JSON.stringify(at(session, name)) !== JSON.stringify(at(this.#session, name)));
      this.#session = session ?? {};
    }
    if (isOther) this.#leastTokens = undefined;
    // A response with a different input cannot be compared.
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
