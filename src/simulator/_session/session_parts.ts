// This module is browser compatible.
import type { IdGenerator } from "../../_internal/ids.ts";
import type { RealtimeSession, RealtimeSessionConfig, ResponseConfig } from "../../protocol/mod.ts";
import type { Conversation } from "./conversation/conversation.ts";
import type { WireAudio } from "./input/audio_codec.ts";
import type { InputAudio } from "./input/input_audio.ts";
import type { McpCalls } from "./mcp/mcp_calls.ts";
import type { McpServers } from "./mcp/mcp_servers.ts";
import type { Outbox } from "./outbox.ts";
import type { Playback } from "./output/playback.ts";
import type { Responses } from "./output/responses.ts";
import type { ConfigRules } from "./config/config_rules.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { UserSpeech } from "./input/user_speech.ts";

/** The parts that commands on the input buffer and on items use, in any session. */
export interface ListeningParts {
  /** Destination of events. */
  readonly outbox: Outbox;
  /** The conversation. */
  readonly conversation: Conversation;
  /** The input audio buffer. */
  readonly input: InputAudio;
}

/** The parts of a conversation session that its commands use. */
export interface SessionParts extends ListeningParts {
  /** How the server behaves. */
  readonly profile: ServerProfile;
  /** The settings that the server rejects. */
  readonly rules: ConfigRules;
  readonly ids: IdGenerator;
  readonly speech: UserSpeech;
  readonly responses: Responses;
  readonly mcpServers: McpServers;
  readonly mcpCalls: McpCalls;
  /** The server's playback, in a call. */
  readonly playback: Playback | undefined;
  /** The session with its current settings. */
  readonly session: RealtimeSession;
  /** The user's audio on the wire. */
  readonly inputWire: WireAudio;
  /** Changes the session. */
  update(change: RealtimeSessionConfig): void;
  /** Starts a response. */
  respond(config: ResponseConfig): void;
}
