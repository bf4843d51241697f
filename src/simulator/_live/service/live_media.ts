// This module is browser compatible.
import { encodeBase64, toBytes } from "../../../audio/mod.ts";
import type { LiveAudioFormat } from "../../../protocol/mod.ts";
import { STEP_MS } from "../model/input_clock.ts";
import { LIVE_RATE, liveAudioWriter, liveResampler } from "../model/live_format.ts";
import type { LiveOutgoing } from "../model/stage.ts";
import type { Participant } from "./participant.ts";
import { RecordingTape } from "./recording_tape.ts";

/** Dependencies of the audio of a session. */
export interface LiveMediaOptions {
  /** Format of the audio on the socket; absent: it travels as media. */
  readonly format: LiveAudioFormat | undefined;
  /** Whether it is recorded. */
  readonly isStored: boolean;
  /** Sends an event to some clients. */
  readonly emit: (event: LiveOutgoing, only: (who: Participant) => boolean) => void;
}

const isSideband = ({ kind }: Participant): boolean => kind === "sideband";
const isNoSideband = ({ kind }: Participant): boolean => kind !== "sideband";

/** The audio of a session on its way to clients, observers, listeners and the recording. */
export class LiveMedia {
  /** The recording. */
  readonly tape = new RecordingTape();
  readonly #options: LiveMediaOptions;
  readonly #listeners = new Set<(samples: Int16Array) => void>();
  readonly #encode: ((samples: Int16Array) => Uint8Array) | undefined;
  readonly #toObservers: (samples: Int16Array) => Int16Array;

  constructor(options: LiveMediaOptions, listeners: Set<(samples: Int16Array) => void>) {
    const { format } = options;
    this.#options = options;
    this.#listeners = listeners;
    this.#encode = format && liveAudioWriter(format);
    this.#toObservers = liveResampler(format?.rate ?? LIVE_RATE, LIVE_RATE);
  }

  /** Sends the user's audio to observers, before muting. */
  reflect(samples: Int16Array): void {
    const audio = encodeBase64(toBytes(this.#toObservers(samples)));
    this.#options.emit({ type: "session.input_audio.append", audio }, isSideband);
  }

  /** Records the input that is shorter than a step, as the session ends. */
  end(rest: Int16Array): void {
    if (this.#options.isStored) this.tape.record(rest, new Int16Array(0));
  }

  /** Sends the speech of a step, and records both sides. */
  send(heard: Int16Array, said: Int16Array, start_ms: number): void {
    const { emit, isStored } = this.#options;
    const type = "session.output_audio.delta";
    if (isStored) this.tape.record(heard, said);
    for (const listener of this.#listeners) listener(said);
    if (this.#encode) emit({ type, delta: encodeBase64(this.#encode(said)) }, isNoSideband);
    emit({ type, delta: encodeBase64(toBytes(said)), start_ms, end_ms: start_ms + STEP_MS }, isSideband);
  }
}
