// This module is browser compatible.
import type { AudioEncoding } from "../../audio/mod.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { RealtimeSession, RealtimeSessionConfig, ResponseConfig } from "../../protocol/mod.ts";
import type { Conversation, ConversationEntry } from "./conversation.ts";
import type { InputAudio } from "./input_audio.ts";
import type { Outbox } from "./outbox.ts";
import type { Responses } from "./responses.ts";

/** What the commands of a session work on. */
export interface SessionParts {
  readonly outbox: Outbox;
  readonly ids: IdGenerator;
  readonly conversation: Conversation;
  readonly input: InputAudio;
  readonly responses: Responses;
  /** The session as it is set now. */
  readonly session: RealtimeSession;
  /** Encoding of the user's audio. */
  readonly inputEncoding: AudioEncoding;
  /** Changes the session. */
  update(change: RealtimeSessionConfig): void;
  /** Lets the brain hear the audio of a user's item. Returns what the user is heard to say. */
  hear(entry: ConversationEntry): string | undefined;
  /** Starts a response. */
  respond(config: ResponseConfig): void;
}
