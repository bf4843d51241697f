// This module is browser compatible.
import { heardText } from "../_internal/heard_text.ts";
import { keepNewest } from "../_internal/keep_newest.ts";
import { at, isRecord, numberAt, stringAt, type WireEvent } from "../_internal/wire.ts";
import { msPerCharacter } from "./_audio_length.ts";
import type { ConversationChange, ConversationEntry } from "./conversation.ts";

/** Of how many items the length of the audio is remembered, to tell how much of it was heard. */
const MAX_MEASURED = 16;

/** How many deleted items are remembered. */
const MAX_REMOVED = 64;

/** What is known of the default conversation. */
export interface ConversationState {
  /** Its items, in order. */
  readonly entries: readonly ConversationEntry[];
  /** The latest that were deleted: a response still names them at its end, and their transcription may come late. */
  readonly removed: readonly string[];
  /** Responses outside the conversation that are running. */
  readonly elsewhere: readonly string[];
  /** Milliseconds of audio received for the latest items. */
  readonly audioMs: ReadonlyMap<string, number>;
  /** Milliseconds in a character of audio. */
  readonly msPerCharacter: number;
  /** Whether the user's speech is transcribed. */
  readonly transcribes: boolean;
}

/** A conversation of which nothing is known yet. */
export const EMPTY_CONVERSATION: ConversationState = {
  entries: [],
  removed: [],
  elsewhere: [],
  audioMs: new Map(),
  msPerCharacter: msPerCharacter(undefined),
  transcribes: false,
};

type Note = (change: ConversationChange) => void;
type Item = WireEvent & ConversationEntry["item"];
type Patch = Partial<ConversationEntry>;

/** The state after `event`; `note` is told what that changes. What stays the same is the same object. */
export function reduceConversation(state: ConversationState, event: WireEvent, note: Note): ConversationState {
  const { type } = event;
  const itemId = stringAt(event, "item_id");
  const responseId = stringAt(event, "response_id") ?? stringAt(event, "response", "id");
  if (type.startsWith("response.") && responseId !== undefined && state.elsewhere.includes(responseId)) {
    if (type !== "response.done") return state;
    return { ...state, elsewhere: state.elsewhere.filter((id) => id !== responseId) };
  }
  switch (type) {
    case "session.created":
    case "session.updated":
      return {
        ...state,
        transcribes: isRecord(at(event, "session", "audio", "input", "transcription")),
        msPerCharacter: msPerCharacter(event.session),
      };
    case "response.created":
      if (at(event, "response", "conversation_id") !== null || responseId === undefined) return state;
      return { ...state, elsewhere: [...state.elsewhere, responseId] };
    case "conversation.item.added":
    case "conversation.item.created":
    case "response.output_item.added":
    case "conversation.item.retrieved":
      return putItem(state, event, note);
    case "conversation.item.done":
    case "response.output_item.done":
      return putItem(state, event, note, { final: true });
    case "conversation.item.deleted":
      return remove(state, itemId, note);
    case "conversation.item.truncated":
      return truncate(state, itemId, numberAt(event, "audio_end_ms"), note);
    case "response.output_audio.delta":
      return measure(state, itemId, stringAt(event, "delta") ?? "");
    case "response.done":
      return finish(state, event, note);
  }
  const progress = /^(?:mcp_list_tools|response\.mcp_call)\.(in_progress|completed|failed)$/.exec(type)?.[1];
  if (!progress) return addWords(state, event, itemId, note);
  const place = state.entries.findIndex(({ id }) => id === itemId);
  // After a failure nothing more may come.
  return replace(state, place, { progress, ...(progress === "failed" && { final: true }) } as Patch, note);
}

/** The words that an event brings: where they go, and whether they are the whole. */
function addWords(state: ConversationState, event: WireEvent, itemId: string | undefined, note: Note) {
  const match = /(output_text|audio_transcript|call_arguments|audio_transcription)\.(delta|done|completed|failed)$/
    .exec(
      event.type,
    );
  if (!match) return state;
  const [, track = "", ending] = match;
  const isInput = track === "audio_transcription";
  const role = isInput ? "user" : "assistant";
  const isCall = track === "call_arguments";
  const place = state.entries.findLastIndex(({ id, item, final }) =>
    itemId === undefined ? !final && (isCall ? /_call$/.test(item.type) : (item as Item).role === role) : id === itemId
  );
  const entry = state.entries[place];
  const isDelta = ending === "delta";
  const delta = stringAt(event, "delta") ?? stringAt(event, isCall ? "arguments" : "transcript") ??
    stringAt(event, "text");
  if (isCall) {
    const item = entry?.item as Item | undefined;
    if (!item || entry?.final) return state;
    return replace(state, place, {
      item: { ...item, arguments: isDelta ? `${item.arguments}${delta ?? ""}` : delta ?? item.arguments } as Item,
    }, note);
  }
  const item = entry?.item as Item | undefined ?? { type: "message", id: itemId, role, content: [] } as unknown as Item;
  if (!entry && (itemId === undefined || state.removed.includes(itemId) || ending === "failed")) return state;
  // What is done with is not written to again, but for a transcription, which may come in any order with the item.
  if (entry?.final && !isInput) return state;
  const index = numberAt(event, "content_index");
  const content = Array.isArray(item.content) ? [...item.content] : [];
  const field = track === "output_text" ? "text" : "transcript";
  const kind = isInput ? "input_audio" : field === "text" ? "output_text" : "output_audio";
  const before = isRecord(content[index]) ? content[index] : { type: kind };
  const words = isDelta ? `${before[field] ?? ""}${delta ?? ""}` : delta ?? before[field];
  while (content.length < index) content.push({ type: kind });
  content[index] = { ...before, type: kind, [field]: words };
  const patch: Patch = { item: { ...item, content } as Item, ...(isInput ? { final: !isDelta } : {}) };
  return entry ? replace(state, place, patch, note) : insert(state, itemId!, state.entries.length, patch, note);
}

/** Adds an item, or brings it up to date, and puts it where it belongs. */
function putItem(state: ConversationState, event: WireEvent, note: Note, patch: Patch = {}): ConversationState {
  const id = stringAt(event, "item", "id");
  if (id === undefined || !isRecord(event.item)) return state;
  const place = state.entries.findIndex((entry) => entry.id === id);
  const entry = state.entries[place];
  if (!entry && event.type === "conversation.item.retrieved") return state;
  if (!entry && event.type.startsWith("response.") && state.removed.includes(id)) return state;
  const merged = merge(entry?.item as Item | undefined, event.item as Item);
  const item = entry && JSON.stringify(entry.item) === JSON.stringify(merged) ? entry.item as Item : merged;
  const spoken = speech(item);
  // A message of the user is there at once, but for words that are being written down.
  const final = entry?.final || (spoken === undefined ? patch.final ?? isWhole(item) : !state.transcribes || spoken);
  const whole = { item, final };
  const previous = event.type === "conversation.item.added" || event.type === "conversation.item.created"
    ? event.previous_item_id
    : undefined;
  if (!entry) return insert(state, id, placeAfter(state, previous), whole, note);
  const replaced = replace(state, place, whole, note);
  return move(replaced, place, previous, note);
}

/** Whether all speech of a user's message has been written down; `undefined` when it has none. */
function speech(item: Item): boolean | undefined {
  if (item.role !== "user" || !Array.isArray(item.content)) return undefined;
  const parts = item.content.filter((part) => stringAt(part, "type") === "input_audio");
  return parts.length === 0 ? undefined : parts.every((part) => stringAt(part, "transcript") !== undefined);
}

function isWhole({ type, role, status }: Item): boolean {
  return status !== "in_progress" && role !== "assistant" && !/_call$|list_tools/.test(type);
}

/** Where an item goes that follows `previous`: null stands for the front; an unknown one tells nothing. */
function placeAfter({ entries }: ConversationState, previous: unknown): number {
  if (previous === null) return 0;
  const place = entries.findIndex(({ id }) => id === previous);
  return place < 0 ? entries.length : place + 1;
}

/** The server's newer word on an item, with what only we have kept: words that it leaves out. Audio is let go. */
function merge(before: Item | undefined, item: Item): Item {
  if (!Array.isArray(item.content)) return item;
  const known: readonly unknown[] = Array.isArray(before?.content) ? before.content : [];
  const content = item.content.map((part: unknown, index: number) => {
    if (!isRecord(part)) return part;
    const { audio: _audio, ...rest } = part;
    const words = rest.transcript ? undefined : stringAt(known[index], "transcript");
    return words === undefined ? rest : { ...rest, transcript: words };
  });
  return { ...item, content: [...content, ...known.slice(content.length)] } as Item;
}

function remove(state: ConversationState, itemId: string | undefined, note: Note): ConversationState {
  const index = state.entries.findIndex(({ id }) => id === itemId);
  const entry = state.entries[index];
  if (!entry) return state;
  note({ type: "removed", entry, index });
  const removed = [...state.removed, entry.id].slice(-MAX_REMOVED);
  return { ...state, removed, entries: state.entries.toSpliced(index, 1) };
}

function truncate(state: ConversationState, itemId: string | undefined, endMs: number, note: Note): ConversationState {
  const index = state.entries.findIndex(({ id }) => id === itemId);
  const entry = state.entries[index];
  if (!entry) return state;
  const audioMs = state.audioMs.get(entry.id);
  const heard = audioMs === undefined ? undefined : heardText(entry.text, endMs, audioMs);
  return replace(state, index, { interrupted: true, heardText: heard }, note);
}

function measure(state: ConversationState, itemId: string | undefined, base64: string): ConversationState {
  if (itemId === undefined) return state;
  const audioMs = new Map(state.audioMs);
  audioMs.set(itemId, (audioMs.get(itemId) ?? 0) + base64.length * state.msPerCharacter);
  keepNewest(audioMs, MAX_MEASURED);
  return { ...state, audioMs };
}

/** The end of a response is that of its items, of those too whose own end was not told. */
function finish(state: ConversationState, event: WireEvent, note: Note): ConversationState {
  const output = at(event, "response", "output");
  const cancelled = stringAt(event, "response", "status") === "cancelled";
  for (const item of Array.isArray(output) ? output : []) {
    state = putItem(state, { type: "response.output_item.done", item }, note, { final: true });
    const place = state.entries.findIndex(({ id }) => id === stringAt(item, "id"));
    if (cancelled && stringAt(item, "status") !== "completed") {
      state = replace(state, place, { interrupted: true }, note);
    }
  }
  return state;
}

function insert(state: ConversationState, id: string, index: number, patch: Patch, note: Note): ConversationState {
  const base = { id, final: false, interrupted: false, progress: undefined, heardText: undefined };
  const entry = { ...base, ...patch, text: textOf(patch.item as Item) } as ConversationEntry;
  note({ type: "added", entry, index });
  return { ...state, entries: state.entries.toSpliced(index, 0, entry) };
}

function replace(state: ConversationState, index: number, patch: Patch, note: Note): ConversationState {
  const before = state.entries[index];
  if (!before) return state;
  const item = patch.item ?? before.item;
  const entry: ConversationEntry = { ...before, ...patch, item, text: textOf(item as Item) };
  const names = Object.keys(entry) as (keyof ConversationEntry)[];
  if (names.every((name) => entry[name] === before[name])) return state;
  note({ type: "changed", entry, index });
  return { ...state, entries: state.entries.with(index, entry) };
}

function move(state: ConversationState, from: number, previous: unknown, note: Note): ConversationState {
  const { id: before = null } = state.entries[from - 1] ?? {};
  // An unknown predecessor tells nothing.
  if (previous === undefined || before === previous) return state;
  if (previous !== null && !state.entries.some(({ id }) => id === previous)) return state;
  const entry = state.entries[from]!;
  const rest = { ...state, entries: state.entries.toSpliced(from, 1) };
  const index = placeAfter(rest, previous);
  note({ type: "moved", entry, index });
  return { ...rest, entries: rest.entries.toSpliced(index, 0, entry) };
}

function textOf(item: Item): string {
  if (!Array.isArray(item.content)) return stringAt(item, "output") ?? stringAt(item, "arguments") ?? "";
  const texts = item.content.map((part) => stringAt(part, "text") ?? stringAt(part, "transcript"));
  return texts.filter((text) => text !== undefined).join("\n");
}
