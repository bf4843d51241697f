// This module is browser compatible.
import { type LiveBackendItem, MAX_LIVE_PENDING_BYTES, MAX_LIVE_PENDING_ITEMS } from "../../protocol/mod.ts";

const encoder = /* @__PURE__ */ new TextEncoder();

/** Shortest useful output, in bytes: a part of the result, and the note about it. */
const MIN_OUTPUT_BYTES = 160;

/** Size of an item as it counts against the budget. */
export function itemBytes(item: LiveBackendItem): number {
  return encoder.encode(JSON.stringify(item)).length;
}

/** The limit of the items before the next `response.create`: the server rejects more, which blocks the session. */
export class InputBudget {
  #items = 0;
  #bytes = 0;

  /** Whether no item waits for `response.create`. */
  get isEmpty(): boolean {
    return this.#items === 0;
  }

  /** Whether an item fits into a share of the budget. */
  fits(item: LiveBackendItem, share: number): boolean {
    return this.#items < MAX_LIVE_PENDING_ITEMS * share &&
      this.#bytes + itemBytes(item) <= MAX_LIVE_PENDING_BYTES * share;
  }

  /** Records that an item was sent. */
  take(item: LiveBackendItem): void {
    this.#items++;
    this.#bytes += itemBytes(item);
  }

  /** Records that `response.create` was sent. */
  reset(): void {
    this.#items = 0;
    this.#bytes = 0;
  }

  /**
   * Divides the budget among items of the wanted sizes, in bytes: short ones get their full size, long ones share the
   * rest.
   */
  allot(wanted: readonly number[]): readonly number[] {
    const allotted = [...wanted];
    const shortestFirst = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
    let bytes = MAX_LIVE_PENDING_BYTES - this.#bytes;
    for (const [place, index] of shortestFirst.entries()) {
      const share = Math.floor(bytes / (wanted.length - place));
      allotted[index] = Math.max(MIN_OUTPUT_BYTES, Math.min(wanted[index]!, share));
      bytes -= allotted[index]!;
    }
    return allotted;
  }
}

/** The output of a call as an item of limited size, in bytes; a longer one is cut, and says so. */
export function outputItem(
  callId: string,
  output: string,
  maxBytes: number,
): { readonly item: LiveBackendItem; readonly isShortened: boolean } {
  const make = (text: string): LiveBackendItem => ({ type: "function_call_output", call_id: callId, output: text });
  const whole = make(output);
  const bytes = itemBytes(whole);
  if (bytes <= maxBytes) return { item: whole, isShortened: false };
  const note = `… [shortened from ${bytes} bytes]`;
  let kept = output.slice(0, maxBytes);
  for (;;) {
    // A cut within a surrogate pair would leave half a character.
    const item = make(kept.replace(/[\ud800-\udbff]$/, "") + note);
    const excess = itemBytes(item) - maxBytes;
    if (excess <= 0 || kept === "") return { item, isShortened: true };
    // A character has at most 6 bytes, as JSON escapes it.
    kept = kept.slice(0, Math.max(0, kept.length - Math.max(1, Math.ceil(excess / 6))));
  }
}
