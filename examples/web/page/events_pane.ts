import { keepAtEnd } from "./dom/keep_at_end.ts";
import { refreshSoon } from "./dom/refresh.ts";

/** Maximum number of events that are kept and shown. */
const MAX_EVENTS = 300;

/** Sent, received; a dot for events of the session itself. */
const ARROWS: Readonly<Record<string, string>> = { sent: "↑", received: "↓" };

/** A line of the log: when, which way, and the event. */
interface Row {
  readonly atMs: number;
  readonly direction: string;
  readonly type: string;
  readonly text: string;
}

/** Shows the events of a session, both ways. */
export class EventsPane {
  readonly #list: HTMLElement;
  readonly #filter: HTMLInputElement;
  readonly #direction: HTMLSelectElement;
  #rows: Row[] = [];
  #startMs: number | undefined;
  /** Rows that are not shown yet. */
  #fresh: Row[] = [];

  constructor(list: HTMLElement, filter: HTMLInputElement, direction: HTMLSelectElement) {
    this.#list = list;
    this.#filter = filter;
    this.#direction = direction;
    filter.addEventListener("input", () => this.#render());
    direction.addEventListener("change", () => this.#render());
  }

  /** Adds a line of a session's logger: `12 ms sent {…}`. Audio is omitted: it would displace everything else. */
  log(line: string): void {
    const [, ms = "0", direction = "", text = ""] = /^(\d+) ms (\w+) ([^]*)$/.exec(line) ?? [];
    const type = /"type":"([^"]+)"/.exec(text)?.[1] ?? "";
    if (!type || type === "input_audio_buffer.append" || type.endsWith(".delta")) return;
    const atMs = Number(ms) - (this.#startMs ??= Number(ms));
    const row = { atMs, direction, type, text };
    this.#rows.push(row);
    if (this.#rows.length > MAX_EVENTS) this.#rows.shift();
    this.#fresh.push(row);
    // The scroll position is read once for many rows, as each read forces a layout.
    refreshSoon(this.#append);
  }

  /** Forgets all. */
  clear(): void {
    this.#rows = [];
    this.#fresh = [];
    this.#startMs = undefined;
    this.#list.replaceChildren();
  }

  /** The kept events, as JSON lines. */
  get text(): string {
    return this.#rows.map(({ atMs, direction, text }) => JSON.stringify({ atMs, direction, event: text })).join("\n");
  }

  readonly #append = (): void => {
    const rows = this.#fresh.splice(0).filter((row) => this.#isWanted(row)).slice(-MAX_EVENTS);
    const list = this.#list;
    keepAtEnd(list, () => {
      list.append(...rows.map(toNode));
      while (list.childElementCount > MAX_EVENTS) list.firstElementChild!.remove();
    });
  };

  #isWanted({ direction, text }: Row): boolean {
    const wanted = this.#filter.value.trim().toLowerCase();
    if (this.#direction.value && this.#direction.value !== direction) return false;
    return !wanted || text.toLowerCase().includes(wanted);
  }

  #render(): void {
    this.#fresh = [];
    const rows = this.#rows.filter((row) => this.#isWanted(row));
    keepAtEnd(this.#list, () => this.#list.replaceChildren(...rows.map(toNode)));
  }
}

function toNode({ atMs, direction, text, type }: Row): HTMLElement {
  const node = document.createElement("li");
  node.className = `event ${direction}${/(^|\.)error$|failed/.test(type) ? " bad" : ""}`;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const arrow = Object.assign(document.createElement("span"), {
    className: "arrow",
    textContent: ARROWS[direction] ?? "·",
  });
  arrow.title = direction;
  const name = Object.assign(document.createElement("span"), { className: "type", textContent: type });
  const time = Object.assign(document.createElement("time"), { textContent: (atMs / 1000).toFixed(2) });
  summary.append(arrow, name, time);
  details.append(summary);
  // The text is formatted when the user opens it.
  details.addEventListener("toggle", () => {
    if (details.childElementCount === 1) {
      details.append(Object.assign(document.createElement("pre"), { textContent: pretty(text) }));
    }
  }, { once: true });
  node.append(details);
  return node;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
