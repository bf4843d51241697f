import type { ConversationEntry, ConversationView } from "@oai-rt/edge";
import { announce } from "./dom/announce.ts";
import { keepAtEnd } from "./dom/keep_at_end.ts";
import { refreshSoon } from "./dom/refresh.ts";

/** Maximum number of captions on the page; the oldest are removed. */
const MAX_CAPTIONS = 200;

/**
 * Time that the server has to report which words of an interrupted message were heard, in milliseconds: what was read
 * aloud cannot be taken back.
 */
const HEARD_WAIT_MS = 1500;

/** Shows a conversation in its own order, which is not the order in which words arrive. */
export class Captions {
  readonly #list: HTMLElement;
  readonly #announcer: HTMLElement;
  readonly #shown = new Map<string, { readonly node: HTMLElement; entry: ConversationEntry }>();
  readonly #announced = new Set<string>();
  /** Shown while there are no captions. */
  readonly #placeholder: Element | null;
  #view: ConversationView | undefined;
  #stop = (): void => {};

  /** @param announcer Reads final words aloud; parts would make a screen reader stammer. */
  constructor(list: HTMLElement, announcer: HTMLElement) {
    this.#list = list;
    this.#announcer = announcer;
    this.#placeholder = list.querySelector(".empty");
  }

  /** Shows another conversation from now on. */
  show(view: ConversationView): void {
    this.#stop();
    this.#view = view;
    this.#shown.clear();
    this.#announced.clear();
    this.#list.replaceChildren(...this.#placeholder ? [this.#placeholder] : []);
    this.#announcer.replaceChildren();
    this.#stop = view.subscribe(() => refreshSoon(this.#render));
    this.#render();
  }

  /** Stops following the conversation; existing captions stay. */
  stop(): void {
    this.#stop();
    this.#render();
  }

  /** Whether there is nothing to read. */
  get isEmpty(): boolean {
    return this.#shown.size === 0;
  }

  /** The conversation as text. */
  get text(): string {
    const entries = (this.#view?.getSnapshot() ?? []).filter(({ text }) => text);
    return entries.map(sentenceOf).join("\n");
  }

  readonly #render = (): void => {
    const entries = (this.#view?.getSnapshot() ?? []).filter(isShown).slice(-MAX_CAPTIONS);
    if (entries.length > 0) keepAtEnd(this.#list, () => this.#fill(entries));
  };

  #fill(entries: readonly ConversationEntry[]): void {
    const list = this.#list;
    const ids = new Set(entries.map(({ id }) => id));
    for (const [id, { node }] of this.#shown) {
      if (ids.has(id)) continue;
      node.remove();
      this.#shown.delete(id);
    }
    this.#placeholder?.remove();
    // Captions in the right place stay there: `place` walks along.
    let place = list.firstElementChild;
    for (const entry of entries) {
      const known = this.#shown.get(entry.id);
      const node = known?.node ?? document.createElement("li");
      if (known?.entry !== entry) {
        node.dataset.item = entry.id;
        fill(node, entry);
        this.#shown.set(entry.id, { node, entry });
        this.#announce(entry);
      }
      if (place === node) place = node.nextElementSibling;
      else list.insertBefore(node, place);
    }
    for (const id of this.#announced) if (!ids.has(id)) this.#announced.delete(id);
  }

  #announce(entry: ConversationEntry, isLate = false): void {
    const { final, heardText, id, interrupted, item, text } = entry;
    if (!final || !text || item.type !== "message" || this.#announced.has(id)) return;
    // The item ends before its response, whose end says that it was interrupted.
    const isCut = interrupted || "status" in item && item.status === "incomplete";
    if (!isCut || heardText !== undefined || isLate) {
      this.#announced.add(id);
      return announce(this.#announcer, sentenceOf(entry));
    }
    const view = this.#view;
    setTimeout(() => {
      const latest = view?.getSnapshot().find((other) => other.id === id);
      if (latest && view === this.#view) this.#announce(latest, true);
    }, HEARD_WAIT_MS);
  }
}

function isShown({ item, text }: ConversationEntry): boolean {
  if (item.type === "message") return text !== "" || "role" in item && item.role === "user";
  return item.type === "function_call" || item.type === "function_call_output";
}

function sentenceOf(entry: ConversationEntry): string {
  return `${speakerOf(entry)}: ${wordsOf(entry)}`;
}

function speakerOf({ item }: ConversationEntry): string {
  if (item.type === "function_call") return `Tool ${"name" in item ? item.name : ""}`;
  if (item.type === "function_call_output") return "Result";
  return "role" in item && item.role === "user" ? "You" : "Model";
}

function wordsOf({ heardText, interrupted, text }: ConversationEntry): string {
  return interrupted ? `${heardText ?? text} …interrupted` : text;
}

function fill(node: HTMLElement, entry: ConversationEntry): void {
  const { final, heardText, interrupted, item, text } = entry;
  const kind = item.type === "message" ? speakerOf(entry).toLowerCase() : "tool";
  node.className = `caption ${kind}${final ? "" : " partial"}${interrupted ? " cut" : ""}`;
  const who = element("span", speakerOf(entry), "who");
  const words = document.createElement(item.type === "message" ? "p" : "code");
  // Arabic, for instance, begins on the right.
  words.dir = "auto";
  if (interrupted && heardText !== undefined && text.startsWith(heardText)) {
    // Screen readers say nothing of text that is struck through.
    words.append(heardText, element("span", " [not heard:", "hidden"), element("s", text.slice(heardText.length)));
    words.append(element("span", "]", "hidden"));
  } else words.textContent = text || (kind === "you" ? "…" : "");
  if (interrupted) words.append(element("em", " …interrupted"));
  node.replaceChildren(who, words);
}

function element(name: "span" | "s" | "em", textContent: string, className = ""): HTMLElement {
  return Object.assign(document.createElement(name), { textContent, className });
}
