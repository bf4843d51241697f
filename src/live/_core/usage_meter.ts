// This module is browser compatible.
import { addBounded } from "../../_internal/add_bounded.ts";
import { at, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { LiveSessionUsage } from "../live_usage.ts";

/** Number of responses remembered, so that none is counted twice. */
const MAX_SEEN = 1_024;

/** The events that end a response, which may have used tokens even if it was not completed. */
const RESPONSE_END = /^response\.(completed|incomplete|failed|cancelled)$/;

/**
 * Tracks the usage of a session: seconds replace the previous figure; tokens of the backend are added up, once per
 * response.
 */
export class UsageMeter {
  readonly #seen = new Set<string>();
  /** The usage so far. */
  usage: LiveSessionUsage = {
    seconds: 0,
    contextRatio: undefined,
    backend: { responses: 0, inputTokens: 0, outputTokens: 0 },
  };

  /** Processes an event of the server. */
  receive(event: WireEvent): void {
    const seconds = at(event.usage, "seconds");
    if (typeof seconds === "number") this.usage = { ...this.usage, seconds };
    const contextRatio = at(event.context_window, "usage_ratio");
    if (typeof contextRatio === "number") this.usage = { ...this.usage, contextRatio };
    if (RESPONSE_END.test(stringAt(event.event, "type") ?? "")) this.#count(at(event.event, "response"));
  }

  #count(response: unknown): void {
    const id = stringAt(response, "id");
    if (id === undefined || this.#seen.has(id)) return;
    addBounded(this.#seen, id, MAX_SEEN);
    const { backend } = this.usage;
    this.usage = {
      ...this.usage,
      backend: {
        responses: backend.responses + 1,
        inputTokens: backend.inputTokens + numberAt(response, "usage", "input_tokens"),
        outputTokens: backend.outputTokens + numberAt(response, "usage", "output_tokens"),
      },
    };
  }
}
