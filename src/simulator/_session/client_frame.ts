// This module is browser compatible.
import { invalidValue, serverError } from "../_errors/server_error.ts";
import {
  checkClientEvent,
  checkTranslationClientEvent,
  type ClientEvent,
  type FieldIssue,
  TRANSLATION_CLIENT_EVENT_TYPES,
  type TranslationClientEvent,
} from "../../protocol/mod.ts";
import { stringAt } from "../../_internal/wire.ts";
import type { ServerProfile } from "../server_profile.ts";
import { decodeAudio } from "./input/audio_codec.ts";
import { alternativesError, fieldErrorOf, quoted } from "./field_errors.ts";

/** The types that a conversation says it accepts, in its order: those of translation sessions are among them. */
const ACCEPTED_TYPES: readonly string[] = [
  "session.update",
  "session.close",
  "input_audio_buffer.append",
  "session.input_audio_buffer.append",
  "input_audio_buffer.commit",
  "input_audio_buffer.clear",
  "conversation.item.create",
  "conversation.item.truncate",
  "conversation.item.delete",
  "conversation.item.retrieve",
  "response.create",
  "response.cancel",
];

/** What a frame of the client holds: JSON, which may or may not be an event. */
export interface ClientFrame {
  /** The frame's `event_id`, or null. */
  readonly eventId: string | null;
  /** The whole of it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A client event whose audio, if it is nothing but audio, is decoded: base64 takes more memory, and is not needed. */
export type DecodedEvent<E> = E extends { readonly audio: string } ? Omit<E, "audio"> & { readonly audio: Uint8Array }
  : E;

/**
 * Reads the JSON of a frame.
 *
 * @throws {ServerError} when the frame is no JSON object.
 */
export function readClientFrame(frame: string | Uint8Array): ClientFrame {
  if (typeof frame !== "string") {
    throw serverError("binary_frame");
  }
  const fields = parse(frame);
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw serverError("not_an_object");
  }
  return { eventId: stringAt(fields, "event_id") ?? null, fields: fields as Readonly<Record<string, unknown>> };
}

/**
 * Checks that a frame holds an event that there is a command for.
 *
 * @throws {ServerError} when it does not.
 */
export function toClientEvent(
  frame: ClientFrame,
  commands: ReadonlyMap<string, unknown>,
  profile: ServerProfile,
): DecodedEvent<ClientEvent> {
  const accepted = () => {
    const listed = commands.has("response.create") ? ACCEPTED_TYPES : [];
    return [...new Set([...listed, ...commands.keys()])];
  };
  const check = (event: unknown) => checkClientEvent(event).filter((issue) => !isOwnId(issue, profile));
  return toEvent(frame, (type) => commands.has(type), accepted, check) as unknown as DecodedEvent<ClientEvent>;
}

/**
 * Checks that a frame holds an event of a translation session.
 *
 * @throws {ServerError} when it does not.
 */
export function toTranslationClientEvent(frame: ClientFrame): DecodedEvent<TranslationClientEvent> {
  const accepted: readonly string[] = TRANSLATION_CLIENT_EVENT_TYPES;
  const event = toEvent(frame, (type) => accepted.includes(type), () => accepted, checkTranslationClientEvent);
  return event as unknown as DecodedEvent<TranslationClientEvent>;
}

/** An id as the server itself makes them, longer than OpenAI's may be. */
function isOwnId({ path, value }: FieldIssue, { idShape }: ServerProfile): boolean {
  return idShape === "uuid" && /(?:^|[._])id$/.test(path) && typeof value === "string" && value !== "";
}

function toEvent(
  frame: ClientFrame,
  isKnown: (type: string) => boolean,
  accepted: () => readonly string[],
  check: (event: unknown) => readonly FieldIssue[],
): Readonly<Record<string, unknown>> {
  const { fields } = frame;
  const { type } = fields;
  if (type === undefined) {
    throw serverError("missing_parameter", { param: "type" });
  }
  if (typeof type !== "string") throw alternativesError("type", type, accepted().map(quoted));
  if (!isKnown(type)) throw invalidValue("type", type, accepted());
  const [issue] = check(fields);
  if (issue) throw fieldErrorOf(issue);
  const { audio } = fields;
  return typeof audio === "string" ? { ...fields, audio: decodeAudio(audio, "audio") } : fields;
}

function parse(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    throw serverError("not_json");
  }
}
