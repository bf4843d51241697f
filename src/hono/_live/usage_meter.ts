import { isRecord, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { costOf, type PriceTable, type UsageLine } from "../../session/mod.ts";
import { type Meter, UsageMeter, type Used } from "../_quotas/usage_meter.ts";
import type { SessionUsage } from "../edge_event.ts";

/** Nested events that end the usage of a backend response. */
const ENDS: ReadonlySet<string> = new Set(
  ["cancelled", "completed", "failed", "incomplete"].map((end) => `response.${end}`),
);

/** Meters a Live session: its seconds, of which the API reports the sum, and the tokens of its backend. */
export class LiveUsageMeter implements Meter {
  readonly #prices: PriceTable | undefined;
  #model: string;
  #backend: UsageMeter;
  #backendModel: string | undefined;
  #seconds = 0;

  /** @param session its initial settings, of which the models count. */
  constructor(session: unknown, prices: PriceTable | undefined) {
    this.#prices = prices;
    this.#model = stringAt(session, "model") ?? "";
    this.#backendModel = stringAt(session, "delegation", "responses", "model");
    this.#backend = new UsageMeter({ model: this.#backendModel }, prices);
  }

  get total(): SessionUsage {
    const { cost, lines, responses, tokens } = this.#backend.total;
    const time = this.#line(this.#seconds);
    return {
      lines: this.#seconds > 0 ? [time, ...lines] : lines,
      tokens,
      responses,
      seconds: this.#seconds,
      cost: cost === undefined ? undefined : cost + this.#costOf(time),
    };
  }

  take(event: WireEvent): Used | undefined {
    switch (event.type) {
      case "session.started":
      case "session.updated":
        this.#model = stringAt(event, "session", "model") ?? this.#model;
        this.#backendModel = stringAt(event, "session", "delegation", "responses", "model") ?? this.#backendModel;
        return undefined;
      case "session.usage.updated":
      case "session.closed":
        return this.#takeTime(numberAt(event, "usage", "seconds"));
      case "response.event":
        return isRecord(event.event) ? this.#takeNested(event.event as unknown as WireEvent) : undefined;
    }
  }

  /** The sum so far, which replaces the previous one. */
  #takeTime(seconds: number): Used | undefined {
    const more = seconds - this.#seconds;
    if (!(more > 0 && more < Infinity)) return undefined;
    this.#seconds = seconds;
    return { isResponse: false, tokens: 0, cost: this.#prices && this.#costOf(this.#line(more)) };
  }

  /** The backend's events are those of the Responses API, in which a different event reports the usage. */
  #takeNested(nested: WireEvent): Used | undefined {
    const type = ENDS.has(nested.type) ? "response.done" : nested.type;
    if (type !== "response.created" && type !== "response.done") return undefined;
    const model = stringAt(nested, "response", "model") ?? this.#backendModel;
    this.#backend.take({ type: "session.updated", session: { model } });
    return this.#backend.take({ type, response: nested.response });
  }

  #line(seconds: number): UsageLine {
    return { model: this.#model, direction: "input", modality: "audio", cached: false, tokens: 0, seconds };
  }

  #costOf(line: UsageLine): number {
    return costOf([line], this.#prices ?? {});
  }
}
