// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import type { LiveDecision, LiveOutgoingEvent, LiveSessionResource, LiveSessionUpdateConfig } from "../protocol/mod.ts";
import type { LiveDelegationTask, LiveInterval, LiveWaitOptions } from "./live_delegation.ts";
import type { LiveCloseResult, LiveEvent, LiveEventMap } from "./live_events.ts";
import type { LivePipeResult, LivePipes } from "./live_pipes.ts";
import type { LiveSendOptions } from "./live_transport.ts";
import type { LiveTurn } from "./live_turn.ts";
import type { LiveSessionUsage } from "./live_usage.ts";

/**
 * Options of {@linkcode LiveSession.say} and similar methods.
 *
 * @category Sessions
 */
export interface LiveAppendOptions extends LiveWaitOptions {
  /** The client delegation that the text belongs to; {@linkcode LiveDelegationTask} sets it itself. */
  delegationId?: string | undefined;
}

/**
 * Options of {@linkcode LiveSession.mute} and {@linkcode LiveSession.unmute}.
 *
 * @category Sessions
 */
export interface LiveMuteOptions extends LiveWaitOptions {
  /**
   * Whether the server ignores the input, too, including audio from other connections, such as a telephone.
   *
   * @default {false}, on a sideband true
   */
  server?: boolean | undefined;
}

/**
 * Options of {@linkcode LiveSession.close}.
 *
 * @category Sessions
 */
export interface LiveCloseOptions {
  /**
   * Whether the session ends for all clients; on a sideband it otherwise continues.
   *
   * @default {true}, on a sideband false
   */
  endSession?: boolean | undefined;
}

/**
 * Timing of the input.
 *
 * @category Sessions
 */
export interface LiveInputClock {
  /** Audio that was sent, including silence, in milliseconds: the session's time. */
  readonly sentMs: number;
  /** Silence that was sent because no audio arrived, in milliseconds. */
  readonly filledMs: number;
  /** Audio that arrived after silence had replaced it, in milliseconds: the delay of the session. */
  readonly lateMs: number;
  /** Gaps of more than a minute, in milliseconds, which are not filled. */
  readonly skippedMs: number;
  /** Audio of the user that waits to leave, in milliseconds. */
  readonly lagMs: number;
  /** Audio of the user that was dropped because too much of it waited, in milliseconds. */
  readonly droppedMs: number;
}

/**
 * A session of the Live API: full duplex, without turn-taking. Its time advances only with input audio. {@linkcode
 * connectLive} opens one.
 *
 * @category Sessions
 */
export interface LiveSession extends AsyncDisposable {
  /** Identifier of the session, `live_…`. */
  readonly id: string;
  /** The session with all settings in effect; on a sideband `undefined` until the server has reported it. */
  readonly config: LiveSessionResource | undefined;
  /**
   * Takes the user's audio: samples, or bytes in the session's format. A write on a sideband, or after the end of the
   * session, fails.
   */
  readonly input: WritableStream<PcmChunk>;
  /**
   * The model's audio: one continuous track, including silence, in the session's format. At most 10 s wait for a
   * reader; beyond that the oldest is dropped.
   */
  readonly output: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Timing of the input. */
  readonly inputClock: LiveInputClock;
  /** Whether the model is currently heard. */
  readonly isSpeaking: boolean;
  /** Whether silence is sent in place of the user's audio, or the server ignores it. */
  readonly muted: boolean;
  /** Usage so far. */
  readonly usage: LiveSessionUsage;
  /**
   * Whether there is a connection. A sideband is `"reconnecting"` after a drop, and events sent meanwhile wait. Any
   * other session ends with its connection.
   */
  readonly state: "open" | "reconnecting" | "closed";
  /** Resolves when the session has ended, no matter which side ended it; never rejects. */
  readonly closed: Promise<LiveCloseResult>;
  /**
   * Makes the model say a text. Resolves with the interval in which the model received it, before it is spoken. Rejects
   * when no input advances the session's time.
   *
   * @throws {InvalidEventError} when the text is blank or certainly longer than 500 tokens.
   * @throws {RealtimeApiError} when the server rejects it.
   * @throws {DOMException} `TimeoutError` after `ackTimeoutMs`; audio that was sent faster than real time adds to it.
   */
  say(text: string, options?: LiveAppendOptions): Promise<LiveInterval>;
  /** Sends the model facts that it does not say by itself; like {@linkcode say}. */
  inform(text: string, options?: LiveAppendOptions): Promise<LiveInterval>;
  /** Instructs the model, which may interrupt itself; like {@linkcode say}. */
  instruct(text: string, options?: LiveAppendOptions): Promise<LiveInterval>;
  /**
   * Sends text that the user has typed to the backend of a responses delegation, which answers it.
   *
   * @throws {TypeError} when there is no such backend: use {@linkcode inform} or {@linkcode instruct} instead.
   * @throws {RangeError} when the text exceeds the limit of what may wait for the backend, half of which is reserved for
   * the outputs of running tools.
   */
  sendMessage(text: string): Promise<string>;
  /** Changes the settings of the delegation, or the triggers. Resolves with the resulting session. */
  update(changes: LiveSessionUpdateConfig, options?: LiveWaitOptions): Promise<LiveSessionResource>;
  /** Sends silence in place of the user's audio; the session's time continues. */
  mute(options?: LiveMuteOptions): Promise<void>;
  /** Sends the user's audio again. */
  unmute(options?: LiveMuteOptions): Promise<void>;
  /** Asks the classifier of a decisions delegation now. */
  decide(options?: LiveWaitOptions): Promise<LiveDecision>;
  /** Plays a recording in place of the model's voice, at most 30 s of 24 kHz PCM16. Resolves when it has been played. */
  playFixture(audio: Uint8Array | Int16Array, options?: LiveWaitOptions): Promise<void>;
  /** Presses a key of the telephone, on a sideband of a SIP call. */
  pressKey(key: string, options?: LiveWaitOptions): Promise<void>;
  /** Connects a source and a sink to the audio; another one replaces them. Never rejects. */
  pipe(pipes: LivePipes): Promise<LivePipeResult>;
  /** The tasks that the model delegates to the application, including earlier ones that have not been read. */
  delegations(): AsyncIterableIterator<LiveDelegationTask, void, undefined>;
  /** The finished turns of both speakers. Throws a `ConnectionError` after an unclean end. */
  transcripts(): AsyncIterableIterator<LiveTurn, void, undefined>;
  /** All events; the last one is `closed`. Throws a `ConnectionError` after an unclean end. */
  events(): AsyncIterableIterator<LiveEvent, void, undefined>;
  /**
   * Adds a listener of events of a type, or of all with `"*"`.
   *
   * @returns a function that removes the listener.
   */
  on<T extends keyof LiveEventMap & string>(type: T, listener: (event: LiveEventMap[T]) => void): () => void;
  /**
   * Sends an event unchanged.
   *
   * @throws {InvalidEventError} when it breaks a rule of the protocol.
   * @throws {ConnectionError} when the session has ended.
   */
  send(event: LiveOutgoingEvent, options?: LiveSendOptions): void;
  /**
   * Ends the session: requests the end, waits for the server's confirmation, and closes the connection. Idempotent;
   * never rejects. On a sideband it only leaves, unless `endSession` is set.
   */
  close(options?: LiveCloseOptions): Promise<LiveCloseResult>;
}
