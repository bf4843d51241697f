// This module is browser compatible.
import type { ClientEvent, ClientEventMap, ClientEventType } from "../../protocol/mod.ts";
import { createItem, deleteItem, retrieveItem, truncateItem } from "./conversation_commands.ts";
import type { SessionParts } from "./session_parts.ts";
import { updateSession } from "./session_update.ts";

/** Does what a client event asks for. */
export type Command<E = ClientEvent> = (parts: SessionParts, event: E) => void;

/** Over a WebSocket the server plays nothing: it does not know `output_audio_buffer.clear`. */
type KnownType = Exclude<ClientEventType, "output_audio_buffer.clear">;

const BY_TYPE: { readonly [Type in KnownType]: Command<ClientEventMap[Type]> } = {
  "session.update": updateSession,
  "input_audio_buffer.append": ({ input }, { audio }) => input.append(audio),
  "input_audio_buffer.commit": ({ input }) => input.commit(),
  "input_audio_buffer.clear": ({ input }) => input.clear(),
  "conversation.item.create": createItem,
  "conversation.item.delete": deleteItem,
  "conversation.item.retrieve": retrieveItem,
  "conversation.item.truncate": truncateItem,
  "response.create": (parts, { response }) => parts.respond(response ?? {}),
  "response.cancel": ({ responses }, { response_id }) => responses.cancel(response_id),
};

/** What is done for each type of client event. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(Object.entries(BY_TYPE) as [string, Command][]);
