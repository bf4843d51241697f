// This module is browser compatible.
import { isRecord, stringAt } from "../../_internal/wire.ts";
import type { ConversationEntry } from "../conversation.ts";

type Item = ConversationEntry["item"];
type Part = Readonly<Record<string, unknown>>;

/** Maximum number of parts of an item; a higher `content_index` counts as that of the last part. */
const MAX_PARTS = 128;

/** The parts of a message; empty for other items, and where the server omits them. */
export function partsOf(item: Item | undefined): readonly unknown[] {
  const content = (item as Part | undefined)?.content;
  return Array.isArray(content) ? content : [];
}

/** The words of an item: the texts of a message's parts, or the output or the arguments of any other item. */
export function textOf(item: Item): string {
  if (!Array.isArray((item as Part).content)) return stringAt(item, "output") ?? stringAt(item, "arguments") ?? "";
  return partsOf(item).map(wordsOf).filter((words) => words !== undefined).join("\n");
}

/** Whether an item is speech of the user. */
export function isSpeech(item: Item): boolean {
  return stringAt(item, "role") === "user" && partsOf(item).some(isAudio);
}

/** Whether all speech of a message has a transcript in the item itself. */
export function isTranscribed(item: Item): boolean {
  return partsOf(item).filter(isAudio).every((part) => stringAt(part, "transcript"));
}

/** A kind of words that the server sends for a message. */
export interface WordTrack {
  /** Type of a part to be added. */
  readonly type: "input_audio" | "output_audio" | "output_text";
  /** Field of the part that contains the words. */
  readonly field: "transcript" | "text";
}

/** The words of one part, which {@linkcode withWords} would replace; empty when there are none. */
export function wordsAt(item: Item, contentIndex: unknown, track: WordTrack): string {
  const parts = partsOf(item);
  return wordsOf(parts[partIndex(parts, contentIndex, track)]) ?? "";
}

/** The item with different words in one part. */
export function withWords(item: Item, contentIndex: unknown, track: WordTrack, words: string): Item {
  const parts = partsOf(item);
  const index = partIndex(parts, contentIndex, track);
  const before = parts[index];
  const content = [...parts];
  while (content.length < index) content.push({ type: track.type });
  content[index] = { type: track.type, ...isRecord(before) && before, [track.field]: words };
  return { ...item, content } as Item;
}

/** An invalid index counts as that of the last part of its type. */
function partIndex(parts: readonly unknown[], contentIndex: unknown, { type }: WordTrack): number {
  const index = contentIndex as number;
  if (Number.isInteger(index) && index >= 0 && index < MAX_PARTS) return index;
  const kind = type.replace(/^(?:input|output)_/, "");
  const last = parts.findLastIndex((part) => stringAt(part, "type")?.endsWith(kind));
  return last < 0 ? Math.min(parts.length, MAX_PARTS - 1) : last;
}

/** How to merge two states of an item. */
export interface MergeOptions {
  /** Which words to keep where both states have some. */
  readonly words: "known" | "newer";
  /** Whether to drop images. */
  readonly dropImages: boolean;
}

/**
 * The newer state of an item, completed by everything that only the known state has: servers omit fields, contents and
 * words. Audio is dropped. Returns `known` itself when nothing is new.
 */
export function mergeItem(known: Item | undefined, newer: Item, { words, dropImages }: MergeOptions): Item {
  const merged: Record<string, unknown> = { ...known, ...newer };
  const parts = partsOf(known);
  const given = (newer as Part).content;
  if (Array.isArray(given)) {
    const content = given.map((part: unknown, index) => mergePart(parts[index], part, words));
    merged.content = [...content, ...parts.slice(content.length)];
  } else if (known && parts.length > 0) {
    merged.content = parts;
  }
  for (const name of ["arguments", "output"]) {
    const before = stringAt(known, name);
    if (before && (words === "known" || !stringAt(newer, name))) merged[name] = before;
  }
  const item = dropImages ? withoutImages(merged as unknown as Item) : merged as unknown as Item;
  return known && JSON.stringify(known) === JSON.stringify(item) ? known : item;
}

function mergePart(known: unknown, newer: unknown, keep: MergeOptions["words"]): unknown {
  if (!isRecord(newer)) return wordsOf(known) ? known : newer;
  const { audio: _audio, ...part } = newer;
  const words = wordsOf(known);
  if (!words || !isRecord(known) || (keep === "newer" && wordsOf(part))) return part;
  const { text: _text, transcript: _transcript, ...rest } = part;
  const field = typeof known.text === "string" ? "text" : "transcript";
  return { ...rest, [field]: words };
}

/** The item without the data of its images; the same object when it has none. */
export function withoutImages(item: Item): Item {
  if (countImages(item) === 0) return item;
  const content = partsOf(item).map((part) => {
    if (!isImage(part)) return part;
    const { image_url: _url, ...rest } = part as Part;
    return rest;
  });
  return { ...item, content } as Item;
}

/** Number of images with data in an item. */
export function countImages(item: Item): number {
  return partsOf(item).filter(isImage).length;
}

function isImage(part: unknown): boolean {
  return Boolean(stringAt(part, "image_url"));
}

function isAudio(part: unknown): boolean {
  return stringAt(part, "type") === "input_audio";
}

function wordsOf(part: unknown): string | undefined {
  return stringAt(part, "text") ?? stringAt(part, "transcript");
}
