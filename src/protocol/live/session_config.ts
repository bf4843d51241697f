// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { LiveAudioFormat, LiveEffectiveAudioFormat } from "./audio_format.ts";
import type { LiveClientConfig } from "./data_channel.ts";
import type { LiveDecisionTrigger } from "./decisions/decision_question.ts";
import type {
  LiveDelegationConfig,
  LiveDelegationUpdate,
  LiveEffectiveDelegation,
  LiveResponsesDelegationUpdate,
} from "./delegation.ts";
import type { LiveInitialItem } from "./initial_item.ts";
import type { LiveVoice, LiveVoiceName } from "./voice.ts";

/**
 * Model of a Live session.
 *
 * @category Live
 */
export type LiveModel = OpenEnum<"gpt-live-1" | "gpt-live-1.1">;

/**
 * The voice of the model.
 *
 * @category Live
 */
export interface LiveOutputConfig {
  /** Voice; cannot change during the session. */
  readonly voice?: LiveVoice | undefined;
}

/**
 * Audio of a session whose media does not pass this connection.
 *
 * @category Live
 */
export interface LiveMediaAudioConfig {
  /** The voice of the model. */
  readonly output?: LiveOutputConfig | undefined;
}

/**
 * Audio of a session on a WebSocket.
 *
 * @category Live
 */
export interface LiveAudioConfig extends LiveMediaAudioConfig {
  /** Format of the audio in both directions. */
  readonly format?: LiveAudioFormat | undefined;
}

/**
 * Settings that sessions on every transport have.
 *
 * @category Live
 */
export interface LiveSessionSettings {
  /** Model that speaks. */
  readonly model: LiveModel;
  /** Instructions for its behaviour, at most 16,384 tokens; blank or null: the server's default. */
  readonly instructions?: string | null | undefined;
  /** History, at most 128 messages with 8,192 tokens in total. */
  readonly input?: readonly LiveInitialItem[] | undefined;
  /** The receiver of delegated tasks; by default, the application. */
  readonly delegation?: LiveDelegationConfig | null | undefined;
  /** Questions about every fragment of a transcript, at most one set for each side. */
  readonly triggers?: readonly LiveDecisionTrigger[] | undefined;
  /** Whether the session can be forked and its recording downloaded. False when absent. */
  readonly store?: boolean | undefined;
  /** Stable, anonymous id of the end user. */
  readonly safety_identifier?: string | null | undefined;
}

/**
 * Settings of a session on a WebSocket.
 *
 * @category Live
 */
export interface LiveSessionConfig extends LiveSessionSettings {
  /** Audio in and out. */
  readonly audio?: LiveAudioConfig | undefined;
  /** Permissions of a page. */
  readonly client?: LiveClientConfig | undefined;
}

/**
 * Settings of a WebRTC session, whose media is negotiated.
 *
 * @category Live
 */
export interface LiveMediaSessionConfig extends LiveSessionSettings {
  /** Audio out. */
  readonly audio?: LiveMediaAudioConfig | undefined;
  /** Permissions of the page. */
  readonly client?: LiveClientConfig | undefined;
}

/**
 * Settings of a telephone call that is accepted.
 *
 * @category Live
 */
export interface LiveCallSessionConfig extends LiveSessionSettings {
  /** Kind of session. */
  readonly type: "live";
  /** Audio out. */
  readonly audio?: LiveMediaAudioConfig | undefined;
}

/**
 * Settings that can change during a session.
 *
 * @category Live
 */
export interface LiveSessionUpdateConfig {
  /** Settings of the delegation; its type cannot change. */
  readonly delegation?: LiveDelegationUpdate | null | undefined;
  /** Questions about transcripts; replace those before, an empty list ends them. */
  readonly triggers?: readonly LiveDecisionTrigger[] | undefined;
}

/**
 * Settings of a session over WebRTC that continues a stored one.
 *
 * @category Live
 */
export interface LiveMediaForkConfig {
  /** Permissions of the page; inherited when absent. Over a WebSocket there is no page, and the server rejects them. */
  readonly client?: LiveClientConfig | undefined;
  /** Changes of a responses delegation. */
  readonly delegation?: LiveResponsesDelegationUpdate | undefined;
  /** Whether the new session is stored as well; inherited when absent. */
  readonly store?: boolean | undefined;
}

/**
 * Format of a session that continues a stored one.
 *
 * @category Live
 */
export interface LiveForkAudioConfig {
  /** Format of the audio in both directions; 24 kHz PCM16 when absent. */
  readonly format?: LiveAudioFormat | undefined;
}

/**
 * Settings of a session on a WebSocket that continues a stored one. The rest is inherited.
 *
 * @category Live
 */
export interface LiveForkSessionConfig extends LiveMediaForkConfig {
  /** Audio in and out. */
  readonly audio?: LiveForkAudioConfig | undefined;
}

/**
 * The voice of the model, as reported by the server.
 *
 * @category Live
 */
export interface LiveEffectiveOutput {
  /** Voice. */
  readonly voice?: LiveVoiceName | LiveEffectiveVoice | null | undefined;
}

/**
 * A custom voice as the server states it.
 *
 * @category Live
 */
export interface LiveEffectiveVoice {
  /** Identifier of the voice. */
  readonly id: string;
}

/**
 * Audio as the server states it.
 *
 * @category Live
 */
export interface LiveEffectiveAudio {
  /** Format in both directions; absent over WebRTC and SIP. */
  readonly format?: LiveEffectiveAudioFormat | null | undefined;
  /** The voice of the model. */
  readonly output?: LiveEffectiveOutput | null | undefined;
}

/**
 * A Live session with everything that is in effect.
 *
 * @category Live
 */
export interface LiveSessionResource {
  /** Identifier, e.g. `live_u7_1234`. */
  readonly id: string;
  /** Unix time in seconds at which the session ends. */
  readonly expires_at: number;
  /** Model that speaks. */
  readonly model: LiveModel;
  /** Always `active`, even when the session has closed. */
  readonly status?: OpenEnum<"active"> | null | undefined;
  /** Audio in and out. */
  readonly audio?: LiveEffectiveAudio | null | undefined;
  /** Permissions of the page. */
  readonly client?: Readonly<Record<string, unknown>> | null | undefined;
  /** The receiver of delegated tasks. */
  readonly delegation?: LiveEffectiveDelegation | null | undefined;
  /** History that the session began with. */
  readonly input?: readonly Readonly<Record<string, unknown>>[] | null | undefined;
  /** How the model behaves. */
  readonly instructions?: string | null | undefined;
  /** Anonymous id of the end user. */
  readonly safety_identifier?: string | null | undefined;
  /** Whether the session is stored. */
  readonly store?: boolean | null | undefined;
  /** Questions about transcripts. */
  readonly triggers?: readonly Readonly<Record<string, unknown>>[] | null | undefined;
}
