// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import { ConnectionError } from "../errors.ts";
import type { ResponseHandle, ResponseSettings, Session } from "../session/mod.ts";
import type { AudioInput } from "../_media/audio_input.ts";
import type { SessionInput } from "../_media/input_port.ts";
import type { InputSource } from "../_media/input_source.ts";
import { MIN_COMMIT_MS, type TalkTurn } from "./talk_turn.ts";

/** What a turn needs of its session. */
interface TalkLine {
  readonly session: Session;
  readonly input: AudioInput;
  /** The destination of the input. */
  readonly port: SessionInput;
}

/** A {@linkcode TalkTurn}: counts the sent audio, so that the server does not have to reject a short turn. */
export class PushToTalk implements TalkTurn {
  readonly #session: Session;
  readonly #input: AudioInput;
  readonly #port: SessionInput;
  readonly #source: InputSource;
  readonly #startMs: number;
  /** Length of a turn that has ended, in milliseconds. */
  #endedMs: number | undefined;

  /**
   * Begins a turn.
   *
   * @throws {TypeError} when the server detects turns, or another turn is open.
   * @throws {ConnectionError} when the session has ended.
   */
  constructor({ input, port, session }: TalkLine) {
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
    this.#port = port;
    this.#source = input.open();
    this.#startMs = input.takenMs;
    input.beginTurn();
  }

  get lengthMs(): number {
    // Audio from before the turn may have been dropped since; nothing waits before a pre-roll.
    return this.#endedMs ?? this.#msSince(Math.min(this.#startMs, this.#input.speechAtMs));
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
    const spokenMs = this.#msSince(this.#input.speechAtMs);
    if (spokenMs < MIN_COMMIT_MS) {
      this.#input.inTurn = true;
      throw new RangeError(
        `Cannot commit a turn as it must be >= ${MIN_COMMIT_MS} ms long: current value is ${spokenMs}`,
      );
    }
    this.#endedMs = this.lengthMs;
    return await this.#port.commitAudio();
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
    if (this.#endedMs !== undefined) return;
    this.#input.endTurn();
    this.#endedMs = this.lengthMs;
    await this.#port.endTurn(() => this.#session.clearAudio());
  }

  /** Rounds the sum of fractions. */
  #msSince(startMs: number): number {
    return Math.round((this.#input.takenMs - startMs) * 1e6) / 1e6;
  }

  #check(): void {
    if (this.#endedMs !== undefined) throw new TypeError("Cannot continue a turn as it has ended");
  }
}
