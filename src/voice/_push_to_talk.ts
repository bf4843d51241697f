// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import type { ResponseHandle, ResponseSettings, Session } from "../session/mod.ts";
import type { AudioInput } from "./_audio_input.ts";
import type { InputEncoder } from "./_input_encoder.ts";
import { MIN_COMMIT_MS, type TalkTurn } from "./talk_turn.ts";

/** A {@linkcode TalkTurn}: counts what it sends, so that the server need not refuse it. */
export class PushToTalk implements TalkTurn {
  readonly #session: Session;
  readonly #input: AudioInput;
  readonly #encoder: InputEncoder;
  readonly #startMs: number;
  #ended = false;

  /**
   * Begins a turn.
   *
   * @throws {TypeError} when the server finds the turns, or another turn is open.
   */
  constructor(session: Session, input: AudioInput) {
    const turnDetection = session.config?.audio?.input?.turn_detection;
    if (turnDetection) {
      throw new TypeError(
        `Cannot talk as the server finds the turns by ${turnDetection.type}: turnDetection must be null`,
      );
    }
    if (input.inTurn) throw new TypeError("Cannot talk as another turn is open: commit or cancel it first");
    this.#session = session;
    this.#input = input;
    this.#encoder = input.encoder();
    this.#startMs = input.sentMs;
    input.beginTurn();
  }

  get lengthMs(): number {
    return this.#input.sentMs - this.#startMs;
  }

  append(audio: PcmChunk): void {
    this.#check();
    this.#input.append(this.#encoder.push(audio));
  }

  async commit(): Promise<string> {
    this.#check();
    this.#input.append(this.#encoder.flush());
    this.#input.endTurn();
    if (this.lengthMs < MIN_COMMIT_MS) {
      this.#input.beginTurn();
      throw new RangeError(
        `Cannot commit a turn as it must be >= ${MIN_COMMIT_MS} ms long: current value is ${this.lengthMs}`,
      );
    }
    this.#ended = true;
    return await this.#session.commitAudio();
  }

  async release(settings?: ResponseSettings): Promise<ResponseHandle | undefined> {
    try {
      await this.commit();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      await this.cancel();
      return undefined;
    }
    return this.#session.respond(settings);
  }

  async cancel(): Promise<void> {
    if (this.#ended) return;
    this.#input.endTurn();
    this.#ended = true;
    await this.#session.clearAudio();
  }

  #check(): void {
    if (this.#ended) throw new TypeError("Cannot go on with a turn as it has ended");
  }
}
