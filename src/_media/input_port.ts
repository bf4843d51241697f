// This module is browser compatible.
import { msToEndTurn } from "../_internal/ms_to_end_turn.ts";
import type { CloseInfo } from "../errors.ts";
import type { RealtimeSession, TranscriptionSession } from "../protocol/mod.ts";
import { audioLayout, type WireLayout } from "./audio_layout.ts";

/** Silence sent in addition to the silence that ends a turn, in milliseconds, so that the end is certain. */
const SILENCE_MARGIN_MS = 200;

/** Destination of the user's audio. */
export interface InputPort {
  /** Encoding and rate that the session currently accepts. */
  readonly layout: WireLayout;
  /** Silence that currently ends a turn, in milliseconds; `undefined` when the server does not detect turns. */
  readonly endOfTurnMs: number | undefined;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number;
  /** Resolves when the session has ended; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Sends audio. */
  appendAudio(audio: Uint8Array): void;
  /** Creates an item from the audio sent so far. */
  commitAudio(): Promise<unknown>;
}

/** The part of a session that {@linkcode SessionInput} needs. */
export interface InputSession extends Pick<InputPort, "bufferedAmount" | "closed" | "appendAudio"> {
  /** Creates an item from the audio sent so far; resolves with its id. */
  commitAudio(): Promise<string>;
  /** The session's effective configuration; `undefined` until the server has reported it. */
  readonly config: RealtimeSession | TranscriptionSession | undefined;
}

/** Runs a command, and repeats it on the next connection when its connection ends. */
type Repeat = <T>(command: () => Promise<T>) => Promise<T>;

/** The {@linkcode InputPort} of a Realtime session, whose format and turn detection may change. */
export class SessionInput implements InputPort {
  readonly #session: InputSession;
  readonly #repeat: Repeat;
  /** Resolves when the end of a turn, and all audio that waits for it, has settled. */
  #ending: Promise<void> | undefined;
  #waitingBytes = 0;
  #format: unknown;
  #layout = audioLayout(undefined);

  constructor(session: InputSession, repeat: Repeat) {
    this.#session = session;
    this.#repeat = repeat;
  }

  get layout(): WireLayout {
    const current = this.#session.config?.audio?.input?.format;
    if (current !== this.#format) {
      this.#format = current;
      this.#layout = audioLayout(current);
    }
    return this.#layout;
  }

  get endOfTurnMs(): number | undefined {
    const turnDetection = this.#session.config?.audio?.input?.turn_detection;
    return turnDetection ? msToEndTurn(turnDetection) + SILENCE_MARGIN_MS : undefined;
  }

  get bufferedAmount(): number {
    return this.#session.bufferedAmount + this.#waitingBytes;
  }

  get closed(): Promise<CloseInfo> {
    return this.#session.closed;
  }

  appendAudio(audio: Uint8Array): void {
    if (!this.#ending) return this.#session.appendAudio(audio);
    // The memory may be the caller's.
    const copy = audio.slice();
    // As base64.
    const bytes = copy.length * 4 / 3;
    this.#waitingBytes += bytes;
    // A session that has ended rejects it, which is reported separately.
    this.inOrder(() => {
      this.#waitingBytes -= bytes;
      this.#session.appendAudio(copy);
    }).catch(() => {});
  }

  commitAudio(): Promise<string> {
    return this.endTurn(() => this.#session.commitAudio());
  }

  /** Ends a turn, on the next connection if necessary, which then receives the turn again, and nothing of a later one. */
  endTurn<T>(end: () => Promise<T>): Promise<T> {
    return this.inOrder(() => this.#repeat(end));
  }

  /** Ends a turn, or continues with the next one, once the end of every earlier turn has settled. */
  async inOrder<T>(step: () => T | Promise<T>): Promise<T> {
    const before = this.#ending;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ending = promise;
    if (before) await before;
    try {
      return await step();
    } finally {
      if (this.#ending === promise) this.#ending = undefined;
      resolve();
    }
  }
}
