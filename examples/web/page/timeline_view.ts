import { type Lane, LANES, type Span, type Timeline } from "./timeline.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Visible time, in milliseconds: all of a young call, the last half minute of an older one. */
const MIN_WINDOW_MS = 10_000;
const MAX_WINDOW_MS = 30_000;
const LANE_HEIGHT = 22;
const WIDTH = 600;
/** Radius of the corners of a bar. */
const RADIUS = 4;
const NAMES: Readonly<Record<Lane, string>> = {
  user: "You",
  generated: "Generated",
  heard: "Heard",
  tools: "Tools",
  cuts: "Cut",
};

/** Draws the last 30 seconds of a timeline, growing to the right. */
export class TimelineView {
  readonly #rows: Readonly<Record<Lane, SVGGElement>>;
  /** The bars of visible spans. A span that ends is another one. */
  readonly #bars: Readonly<Record<Lane, Map<Span, SVGElement>>>;
  /** Units of the picture per millisecond. */
  #scale = 0;
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
    const rows: Partial<Record<Lane, SVGGElement>> = {};
    LANES.forEach((lane, index) => {
      const row = document.createElementNS(SVG, "g");
      row.dataset.lane = lane;
      svg.append(element("line", { x1: 0, x2: WIDTH, y1: LANE_HEIGHT - 1, y2: LANE_HEIGHT - 1, class: "rule" }));
      svg.lastElementChild!.setAttribute("transform", `translate(0 ${index * LANE_HEIGHT})`);
      svg.append(row);
      rows[lane] = row;
    });
    this.#rows = rows as Record<Lane, SVGGElement>;
    this.#bars = { user: new Map(), generated: new Map(), heard: new Map(), tools: new Map(), cuts: new Map() };
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
    this.#showEdges(0, MIN_WINDOW_MS);
  }

  /**
   * Draws the current state. Bars are placed in milliseconds, and their rows move: in a long call, only bars that are new
   * or still grow are placed.
   */
  draw(timeline: Timeline, nowMs: number): void {
    const from = Math.max(0, nowMs - MAX_WINDOW_MS);
    const windowMs = Math.min(MAX_WINDOW_MS, Math.max(MIN_WINDOW_MS, nowMs));
    const scale = WIDTH / windowMs;
    const isScaled = scale !== this.#scale;
    this.#scale = scale;
    this.#showEdges(from, from + windowMs);
    LANES.forEach((lane, index) => {
      const [row, bars] = [this.#rows[lane], this.#bars[lane]];
      row.setAttribute("transform", `translate(${-from * scale} ${index * LANE_HEIGHT}) scale(${scale} 1)`);
      const visible = new Set(timeline.lanes[lane].filter(({ end = nowMs }) => end >= from));
      for (const [span, bar] of bars) {
        if (visible.has(span)) continue;
        bar.remove();
        bars.delete(span);
      }
      for (const span of visible) {
        const known = bars.get(span);
        if (known && !isScaled && span.end !== undefined) continue;
        const bar = known ?? row.appendChild(bare(lane, span));
        bars.set(span, bar);
        place(bar, span, nowMs, scale);
      }
    });
    setText(this.#words, timeline.describe());
  }

  #showEdges(from: number, to: number): void {
    setText(this.#edges[0], clock(from));
    setText(this.#edges[1], clock(to));
  }
}

/** Places the bar of a span in a row whose unit is a millisecond; that of a cut is a line. */
function place(bar: Element, { end, start }: Span, nowMs: number, scale: number): void {
  set(bar, "x", start.toFixed(0));
  set(bar, "width", Math.max(2 / scale, (end ?? nowMs) - start).toFixed(0));
  if (bar.hasAttribute("ry")) set(bar, "rx", (RADIUS / scale).toFixed(0));
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
function bare(lane: Lane, { end, label, start }: Span): SVGElement {
  const height = LANE_HEIGHT - 8;
  const isCut = lane === "cuts";
  const above = isCut ? LANES.indexOf(lane) * LANE_HEIGHT : 0;
  const bar = element("rect", { y: 4 - above, height: height + above, ...isCut ? {} : { ry: RADIUS } });
  bar.classList.toggle("lasting", end === undefined);
  const title = document.createElementNS(SVG, "title");
  title.textContent = isCut || end === undefined ? label : `${label} (${((end - start) / 1000).toFixed(1)} s)`;
  bar.append(title);
  return bar;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
