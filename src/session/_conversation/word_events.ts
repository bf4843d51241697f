// This module is browser compatible.
import { parseJson } from "../../_internal/text/parse_json.ts";
import { asString, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { ConversationEntry } from "../conversation.ts";
import { isSpeech, withWords, wordsAt, type WordTrack } from "./item_content.ts";
import { createRecord, type ItemRecord } from "./item_record.ts";
import type { ItemTable } from "./item_table.ts";

type Item = ConversationEntry["item"];

const SPOKEN: WordTrack = { type: "output_audio", field: "transcript" };
const WRITTEN: WordTrack = { type: "output_text", field: "text" };
const HEARD: WordTrack = { type: "input_audio", field: "transcript" };

/** Processes the words in an event, if any; adds an item whose words arrive before itself. */
export function takeWords(table: ItemTable, event: WireEvent): void {
  const [, output, call, input, ending] = WORDS.exec(event.type) ?? [];
  if (output) takeOutput(table, event, output === "text" ? WRITTEN : SPOKEN, ending === "delta");
  else if (call) takeArguments(table, event, call, ending === "delta");
  else if (input) takeTranscript(table, event, ending!);
}

const WORDS =
  /^(?:response\.(?:output_)?(text|audio_transcript)|response\.(function_call|mcp_call)_arguments|conversation\.item\.(input_audio_transcription))\.(\w+)$/;

/** Processes the length of a piece of the model's audio, in milliseconds. */
export function takeAudio(table: ItemTable, event: WireEvent, ms: number): void {
  const record = findOrAdd(table, event, isOpenAnswer, () => message("assistant"));
  if (record) record.audioMs += ms;
}

function takeOutput(table: ItemTable, event: WireEvent, track: WordTrack, isDelta: boolean): void {
  const given = asString(event.delta) ?? stringAt(event, track.field);
  const record = findOrAdd(table, event, isOpenAnswer, () => message("assistant"));
  if (given === undefined || !record || !isAnswer(record.entry.item)) return;
  const { item } = record.entry;
  const known = wordsAt(item, event.content_index, track);
  // An ended item is not changed any more, unless its words are still missing.
  if (record.isEnded && (isDelta || known)) return;
  table.change(record, { item: withWords(item, event.content_index, track, isDelta ? known + given : given || known) });
}

function takeArguments(table: ItemTable, event: WireEvent, type: string, isDelta: boolean): void {
  const given = asString(event.delta) ?? asString(event.arguments);
  const { call_id, name } = event;
  const record = findOrAdd(table, event, isOpenCall, () => ({ type, name, call_id, arguments: "" }));
  if (given === undefined || !record || !isCall(record.entry.item) || record.isEnded) return;
  const { item } = record.entry;
  const known = stringAt(item, "arguments") ?? "";
  const named = isDelta || stringAt(item, "name") ? item : { ...item, name, call_id };
  const args = isDelta ? known + given : given || known;
  // The tool starts now, even if nothing else arrives; but truncated arguments also end with this event, and some servers
  // name the function only in the item, which follows. Calls of hosted tools have no call id.
  const isEnded = !isDelta && !!(name && call_id) && parseJson(given) !== undefined;
  table.change(record, { item: { ...named, arguments: args } as Item, isEnded });
}

/** The newest transcript wins, except over a complete one if it is partial. */
function takeTranscript(table: ItemTable, event: WireEvent, ending: string): void {
  if (!/^(?:delta|updated|completed|failed)$/.test(ending)) return;
  const record = findOrAdd(table, event, isUnwritten, () => message("user"));
  if (!record || record.entry.role !== "user") return;
  const { item, transcription } = record.entry;
  // xAI completes a transcript repeatedly while the user speaks.
  const isWhole = ending === "completed" && asString(event.status) !== "in_progress";
  if (transcription === "final" && !isWhole || transcription === "failed" && ending !== "completed") return;
  const given = asString(event.delta) ?? asString(event.transcript) ?? "";
  if (ending === "failed") return table.change(record, { transcription: "failed" });
  const known = wordsAt(item, event.content_index, HEARD);
  const words = ending === "delta" ? known + given : asString(event.transcript) ?? known;
  table.change(record, {
    item: words === known && words !== "" ? item : withWords(item, event.content_index, HEARD, words),
    transcription: isWhole ? "final" : "streaming",
  });
}

/** The item that an event refers to: the latest that `isNext` accepts, when the event names none. */
function findOrAdd(
  table: ItemTable,
  event: WireEvent,
  isNext: (record: ItemRecord) => boolean,
  make: () => object,
): ItemRecord | undefined {
  const id = asString(event.item_id) || undefined;
  const responseId = asString(event.response_id);
  if (id === undefined) {
    return table.newest((record) =>
      isNext(record) && (record.responseId ?? responseId) === (responseId ?? record.responseId)
    );
  }
  const known = table.get(id);
  if (!known && table.isRemoved(id)) return undefined;
  const record = known ?? createRecord(id, { item: { id, ...make() } as Item });
  record.responseId ??= responseId;
  if (!known) table.add(record);
  return record;
}

function message(role: "user" | "assistant"): object {
  return { type: "message", role, content: [] };
}

function isAnswer(item: Item): boolean {
  return item.type === "message" && stringAt(item, "role") === "assistant";
}

function isCall(item: Item): boolean {
  return item.type === "function_call" || item.type === "mcp_call";
}

function isOpenAnswer({ entry }: ItemRecord): boolean {
  return isAnswer(entry.item) && !entry.final;
}

function isOpenCall({ entry }: ItemRecord): boolean {
  return isCall(entry.item) && !entry.final;
}

/** Whether an item is speech without a transcript; the server need not have reported that it transcribes. */
function isUnwritten({ entry }: ItemRecord): boolean {
  return isSpeech(entry.item) && (!entry.final || entry.transcription === "none");
}
