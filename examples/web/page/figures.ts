import { costOf, type PriceTable, type Session } from "@oai-rt/edge";
import type { CallStats } from "@oai-rt/edge/browser";

/** Prices in US dollars per million tokens. They may have changed. */
const PRICES: PriceTable = {
  "gpt-realtime-2.1": {
    "text input": 4,
    "cached text input": 0.4,
    "text output": 16,
    "audio input": 32,
    "cached audio input": 0.4,
    "audio output": 64,
  },
  "gpt-4o-mini-transcribe": { "text input": 1.25, "audio input": 3, "text output": 5 },
};

/** Shows latency, usage, cost and the state of the connection. */
export class Figures {
  readonly #list: HTMLElement;
  readonly #values = new Map<string, HTMLElement>();
  firstSoundMs: number | undefined;

  constructor(list: HTMLElement) {
    this.#list = list;
    for (const name of ["First sound", "Turns", "Tokens", "Cost", "Round trip", "Buffer", "Lost packets", "Sent"]) {
      const term = Object.assign(document.createElement("dt"), { textContent: name });
      const value = Object.assign(document.createElement("dd"), { textContent: "–" });
      const pair = document.createElement("div");
      pair.append(term, value);
      list.append(pair);
      this.#values.set(name, value);
    }
  }

  /** Shows the current figures. */
  show(session: Session | undefined, turns: number, stats: CallStats | undefined): void {
    this.#set("First sound", this.firstSoundMs === undefined ? "–" : `${Math.round(this.firstSoundMs)} ms`);
    this.#set("Turns", String(turns));
    const usage = session?.usage ?? [];
    const tokens = usage.reduce((sum, { tokens }) => sum + tokens, 0);
    this.#set("Tokens", tokens ? tokens.toLocaleString("en") : "–");
    this.#set("Cost", usage.length > 0 ? cost(usage) : "–");
    this.#set("Round trip", ms(stats?.roundTripMs));
    this.#set("Buffer", ms(stats?.bufferMs));
    this.#set("Lost packets", stats ? `${stats.packetsLost} of ${stats.packetsReceived + stats.packetsLost}` : "–");
    this.#set("Sent", stats ? `${(stats.bytesSent / 1000).toFixed(0)} kB` : "–");
    this.#list.dataset.turns = String(turns);
  }

  #set(name: string, text: string): void {
    const node = this.#values.get(name);
    if (node && node.textContent !== text) node.textContent = text;
  }
}

function cost(usage: Session["usage"]): string {
  const dollars = costOf(usage, PRICES);
  return Number.isFinite(dollars) ? `$${dollars.toFixed(4)}` : "–";
}

function ms(value: number | undefined): string {
  return value === undefined ? "–" : `${Math.round(value)} ms`;
}
