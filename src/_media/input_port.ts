// This module is browser compatible.
import { msToEndTurn } from "../_internal/ms_to_end_turn.ts";
import type { CloseInfo } from "../errors.ts";
import type { RealtimeSession, TranscriptionSession } from "../protocol/mod.ts";
import { audioLayout, type WireLayout } from "./audio_layout.ts";

/** Silence that is sent beyond what ends a turn, in milliseconds, so that the end is certain. */
const SILENCE_MARGIN_MS = 200;

/** What the user's audio is sent to. */
export interface InputPort {
  /** Encoding and rate in which the session takes audio now. */
  readonly layout: WireLayout;
  /** How much silence ends a turn now, in milliseconds; `undefined` when it is not the server that finds the turns. */
  readonly endOfTurnMs: number | undefined;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number;
  /** Resolves when the session has ended; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Sends audio. */
  appendAudio(audio: Uint8Array): void;
  /** Makes an item of the audio sent so far. */
  commitAudio(): Promise<unknown>;
}

/** What {@linkcode SessionInput} needs of a session. */
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
