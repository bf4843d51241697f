// This module is browser compatible.
import { invalidValue, serverError } from "../../_errors/server_error.ts";
import type { IdGenerator } from "../../../_internal/ids.ts";
import type { ContentPart, Item, ItemParam } from "../../../protocol/mod.ts";
import { AudioReader, decodeAudio, toKeptRate, type WireAudio } from "../input/audio_codec.ts";
import { ConversationEntry } from "./conversation.ts";

/** The characters of the ids of items and calls, as reported. */
const ID = /^[a-zA-Z0-9_-]+$/;

/** Origin of an item, and how its audio looks on the wire. */
export interface ItemIntakeOptions {
  /** Field that held the item, e.g. `item`. */
  readonly path: string;
  /** Its audio on the wire. */
  readonly wire: WireAudio;
  /** Whether it keeps its own id. */
  readonly keepsIds: boolean;
  /** Creates missing identifiers. */
  readonly ids: IdGenerator;
}

/**
 * Creates an entry of the conversation from an item of a client: with an id and a status, and with its audio stored
 * separately.
 *
 * @throws {ServerError} when the item holds audio of the model, audio that is not base64, or an id with other characters
 * than the server accepts.
 */
export function takeInItem(param: ItemParam, options: ItemIntakeOptions): ConversationEntry {
  const { ids, keepsIds } = options;
  const { id: givenId, type, ...rest } = param;
  if (keepsIds) assertId(givenId, `${options.path}.id`);
  if ("call_id" in param) assertId(param.call_id, `${options.path}.call_id`);
  const id = (keepsIds ? givenId : undefined) ?? ids("item");
  if (param.type === "message") {
    const { content, audio } = takeInContent(param.content, options);
    return new ConversationEntry({ id, type, status: "completed", role: param.role, content } as Item, audio);
  }
  if (param.type === "function_call") {
    const { name, call_id = ids("call"), arguments: json } = param;
    return new ConversationEntry({ id, type: "function_call", status: "completed", name, call_id, arguments: json });
  }
  return new ConversationEntry({ id, type, ...rest } as Item);
}

function assertId(id: string | null | undefined, param: string): void {
  if (id && !ID.test(id)) throw serverError("string_pattern", { param, pattern: ID.source });
}

type ContentPartParam = Extract<ItemParam, { readonly type: "message" }>["content"][number];

function takeInContent(
  parts: readonly ContentPartParam[],
  { path, wire }: ItemIntakeOptions,
): { content: ContentPart[]; audio: Int16Array[] } {
  const audio: Int16Array[] = [];
  const content = parts.map((part, index): ContentPart => {
    if (part.type === "output_audio") {
      throw invalidValue(`${path}.content[${index}].type`, part.type, ["output_text"]);
    }
    if (part.type !== "input_audio") return part;
    const samples = new AudioReader(wire).read(decodeAudio(part.audio, `${path}.content[${index}].audio`));
    audio.push(toKeptRate(samples, wire));
    return { type: "input_audio", transcript: part.transcript ?? null };
  });
  return { content, audio };
}
