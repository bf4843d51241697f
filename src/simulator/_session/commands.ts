// This module is browser compatible.
import type { ClientEvent, ClientEventMap, ClientEventType } from "../../protocol/mod.ts";
import type { DecodedEvent } from "./client_frame.ts";
import { createItem, deleteItem, retrieveItem, truncateItem } from "./conversation/conversation_commands.ts";
import type { ListeningParts, SessionParts } from "./session_parts.ts";
import { updateSession } from "./config/session_update.ts";
import { type TranscriptionParts, updateTranscriptionSession } from "./config/transcription_update.ts";

/** Executes a client event. */
export type Command<Parts, E = ClientEvent> = (parts: Parts, event: DecodedEvent<E>) => void;

/** Commands for some types of client events. */
type CommandsByType<Parts, Type extends ClientEventType> = {
  readonly [T in Type]: Command<Parts, ClientEventMap[T]>;
};

/** Client events of a session that listens. */
type ListeningType =
  | `input_audio_buffer.${"append" | "commit" | "clear"}`
  | `conversation.item.${"delete" | "retrieve"}`;

/** Only in a call does the server play something, and know `output_audio_buffer.clear`. */
type ConversationType = Exclude<ClientEventType, "output_audio_buffer.clear" | ListeningType>;

const LISTENING: CommandsByType<ListeningParts, ListeningType> = {
  "input_audio_buffer.append": ({ input }, { audio }) => input.append(audio),
  "input_audio_buffer.commit": ({ input }) => input.commit(),
  "input_audio_buffer.clear": ({ input }) => input.clear(),
  "conversation.item.delete": deleteItem,
  "conversation.item.retrieve": retrieveItem,
};

const CONVERSATION: CommandsByType<SessionParts, ConversationType> = {
  "session.update": updateSession,
  "conversation.item.create": createItem,
  "conversation.item.truncate": truncateItem,
  "response.create": (parts, { response }) => parts.respond(response ?? {}),
  "response.cancel": ({ responses }, { response_id }) => responses.cancel(response_id),
};

/** The commands of a conversation session by type of client event. */
export const COMMANDS: ReadonlyMap<string, Command<SessionParts>> = new Map(
  Object.entries({ ...LISTENING, ...CONVERSATION }) as [string, Command<SessionParts>][],
);

/** The commands of a call by type of client event. */
export const CALL_COMMANDS: ReadonlyMap<string, Command<SessionParts>> = new Map([
  ...COMMANDS,
  ["output_audio_buffer.clear", ({ playback }) => playback?.clearOnDemand()],
]);

/** The commands of a transcription session by type of client event. */
export const TRANSCRIPTION_COMMANDS: ReadonlyMap<string, Command<TranscriptionParts>> = new Map(
  Object.entries({ ...LISTENING, "session.update": updateTranscriptionSession }) as [
    string,
    Command<TranscriptionParts>,
  ][],
);
