import { type Lane, LANES, type Span, type Timeline } from "./timeline.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Visible time, in milliseconds: all of a young call, the last half minute of an older one. */
const MIN_WINDOW_MS = 10_000;
const MAX_WINDOW_MS = 30_000;
const LANE_HEIGHT = 22;
const WIDTH = 600;
const NAMES: Readonly<Record<Lane, string>> = {
  user: "You",
  generated: "Generated",
  heard: "Heard",
  tools: "Tools",
  cuts: "Cut",
};

/** Draws the last 30 seconds of a timeline, growing to the right. */
export class TimelineView {
  readonly #svg: SVGSVGElement;
  readonly #rows: Readonly<Record<Lane, SVGGElement>>;
  readonly #words: HTMLElement;
  /** Times of the left and of the right edge. */
  readonly #edges: readonly [HTMLElement, HTMLElement] = [
    document.createElement("span"),
    document.createElement("span"),
  ];

  constructor(box: HTMLElement, words: HTMLElement) {
    this.#words = words;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${LANES.length * LANE_HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    this.#svg = svg;
    const rows: Partial<Record<Lane, SVGGElement>> = {};
    LANES.forEach((lane, index) => {
      const row = document.createElementNS(SVG, "g");
      row.setAttribute("transform", `translate(0 ${index * LANE_HEIGHT})`);
      row.dataset.lane = lane;
      svg.append(element("line", { x1: 0, x2: WIDTH, y1: LANE_HEIGHT - 1, y2: LANE_HEIGHT - 1, class: "rule" }));
      svg.lastElementChild!.setAttribute("transform", `translate(0 ${index * LANE_HEIGHT})`);
      svg.append(row);
      rows[lane] = row;
    });
    this.#rows = rows as Record<Lane, SVGGElement>;
    const names = document.createElement("div");
    names.className = "lanes";
    for (const lane of LANES) {
      const name = Object.assign(document.createElement("span"), { textContent: NAMES[lane] });
      name.dataset.lane = lane;
      names.append(name);
    }
    const axis = document.createElement("div");
    axis.className = "axis";
    axis.append(...this.#edges);
    box.replaceChildren(names, svg, axis);
  }

  /** Draws the current state. */
  draw(timeline: Timeline, nowMs: number): void {
    const from = Math.max(0, nowMs - MAX_WINDOW_MS);
    const windowMs = Math.min(MAX_WINDOW_MS, Math.max(MIN_WINDOW_MS, nowMs));
    const scale = WIDTH / windowMs;
    setText(this.#edges[0], clock(from));
    setText(this.#edges[1], clock(from + windowMs));
    for (const lane of LANES) {
      const visible = timeline.lanes[lane].filter(({ end = nowMs }) => end >= from);
      const row = this.#rows[lane];
      while (row.childElementCount > visible.length) row.lastElementChild!.remove();
      visible.forEach((span, index) => {
        const bar = row.children[index] ?? row.appendChild(bare(lane));
        place(bar, span, { from, nowMs, scale, isCut: lane === "cuts" });
      });
    }
    setText(this.#words, timeline.describe());
    this.#svg.dataset.now = String(Math.round(nowMs));
  }
}

interface Placing {
  readonly from: number;
  readonly nowMs: number;
  readonly scale: number;
  readonly isCut: boolean;
}

function place(bar: Element, span: Span, { from, isCut, nowMs, scale }: Placing): void {
  const start = Math.max(span.start, from);
  const width = isCut ? 2 : Math.max(2, ((span.end ?? nowMs) - start) * scale);
  set(bar, "x", ((start - from) * scale).toFixed(1));
  set(bar, "width", width.toFixed(1));
  bar.classList.toggle("lasting", span.end === undefined);
  const length = span.end === undefined ? "" : ` (${((span.end - span.start) / 1000).toFixed(1)} s)`;
  setText(bar.firstElementChild!, isCut ? span.label : `${span.label}${length}`);
}

/** A length of time in minutes and seconds. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Sets a text if it has changed: setting the same one would redraw the page as well. */
function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute if it has changed: setting the same value would redraw the page as well. */
function set(bar: Element, name: string, value: string): void {
  if (bar.getAttribute(name) !== value) bar.setAttribute(name, value);
}

/** Creates the bar of a span; that of a cut runs through all lanes, as it ends what is in them. */
function bare(lane: Lane): SVGElement {
  const height = LANE_HEIGHT - 8;
  const above = lane === "cuts" ? LANES.indexOf(lane) * LANE_HEIGHT : 0;
  const bar = element("rect", { y: 4 - above, height: height + above, rx: lane === "cuts" ? 0 : 4 });
  bar.append(document.createElementNS(SVG, "title"));
  return bar;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
