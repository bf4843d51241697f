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
export interface InputSession extends Pick<InputPort, "bufferedAmount" | "closed" | "appendAudio" | "commitAudio"> {
  /** The session's effective configuration; `undefined` until the server has reported it. */
  readonly config: RealtimeSession | TranscriptionSession | undefined;
}

/** The {@linkcode InputPort} of a Realtime session, whose format and turn detection may change. */
export class SessionInput implements InputPort {
  readonly #session: InputSession;
  #format: unknown;
  #layout = audioLayout(undefined);

  constructor(session: InputSession) {
    this.#session = session;
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
    return this.#session.bufferedAmount;
  }

  get closed(): Promise<CloseInfo> {
    return this.#session.closed;
  }

  appendAudio(audio: Uint8Array): void {
    this.#session.appendAudio(audio);
  }

  commitAudio(): Promise<unknown> {
    return this.#session.commitAudio();
  }
}
