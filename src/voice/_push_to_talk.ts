// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import { ConnectionError } from "../errors.ts";
import type { ResponseHandle, ResponseSettings, Session } from "../session/mod.ts";
import type { AudioInput } from "../_media/audio_input.ts";
import type { InputSource } from "../_media/input_source.ts";
import { MIN_COMMIT_MS, type TalkTurn } from "./talk_turn.ts";

/** A {@linkcode TalkTurn}: counts the sent audio, so that the server does not have to reject a short turn. */
export class PushToTalk implements TalkTurn {
  readonly #session: Session;
  readonly #input: AudioInput;
  readonly #source: InputSource;
  readonly #startMs: number;
  /** Audio from before the turn, in milliseconds: it is sent, but is not speech of this turn. */
  readonly #preRollMs: number;
  #ended = false;

  /**
   * Begins a turn.
   *
   * @throws {TypeError} when the server detects turns, or another turn is open.
   * @throws {ConnectionError} when the session has ended.
   */
  constructor(session: Session, input: AudioInput) {
    const turnDetection = session.config?.audio?.input?.turn_detection;
    if (turnDetection) {
      throw new TypeError(
        `Cannot talk as the server detects turns by ${turnDetection.type}: turnDetection must be null`,
      );
    }
    if (session.state === "closed") {
      throw new ConnectionError("Cannot talk as the session has ended", { kind: "closed" });
    }
    if (input.inTurn) throw new TypeError("Cannot talk as another turn is open: commit or cancel it first");
    this.#session = session;
    this.#input = input;
    this.#source = input.open();
    this.#startMs = input.takenMs;
    this.#preRollMs = input.beginTurn();
  }

  get lengthMs(): number {
    // Rounds the sum of fractions.
    return Math.round((this.#input.takenMs - this.#startMs) * 1e6) / 1e6;
  }

  append(audio: PcmChunk): Promise<void> {
    this.#check();
    const room = this.#input.writeNow(this.#source.encode(audio));
    // A caller that does not wait for room is notified of the end of the session elsewhere.
    room.catch(() => {});
    return room;
  }

  async commit(): Promise<string> {
    this.#check();
    this.#input.writeNow(this.#source.flush()).catch(() => {});
    this.#input.endTurn();
    const spokenMs = this.lengthMs - this.#preRollMs;
    if (spokenMs < MIN_COMMIT_MS) {
      this.#input.beginTurn();
      throw new RangeError(
        `Cannot commit a turn as it must be >= ${MIN_COMMIT_MS} ms long: current value is ${spokenMs}`,
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
    if (this.#ended) throw new TypeError("Cannot continue a turn as it has ended");
  }
}
