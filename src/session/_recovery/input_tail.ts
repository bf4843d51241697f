// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { at, isRecord, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { encodeBase64 } from "../../audio/base64.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import { msPerCharacter } from "../_parts/audio_length.ts";
import { isSpokenItem } from "../_parts/is_spoken_item.ts";
import { decodeInto } from "./decode_into.ts";

/** Limit of the uncommitted audio that is kept, in milliseconds. */
const MAX_MS = 60_000;

/**
 * Time between two signs of life that count, in milliseconds. The server may take three times as long to report speech.
 * Where it detects turns, five times this is most of the memory of a call: 48 kB a second.
 */
const SIGN_MS = 600;

/** Time and configuration of a session, which are read only if they are needed: that takes longer than most events. */
export interface TimedHost {
  readonly clock: Pick<Clock, "now">;
  readonly config: unknown;
}

/** The same, and what still waits in the line. */
interface SignHost extends TimedHost {
  readonly generations: { readonly connection: { readonly transport: { readonly bufferedAmount: number } } };
}

/** An append that is kept. */
interface Chunk {
  /** Its bytes, and unused memory after them. */
  readonly memory: Uint8Array;
  /** Number of its bytes. */
  length: number;
  /** Where it ends. */
  endMs: number;
}

/**
 * The uncommitted audio of the user. The next connection receives it again: the conversation there does not contain it,
 * even if the old server has committed it meanwhile.
 *
 * Positions are in all audio of this connection, in milliseconds.
 */
export class InputTail {
  readonly #chunks: Chunk[] = [];
  /** Chunks to use again: the collector would copy strings that are kept for seconds twice. */
  readonly #spare: Chunk[] = [];
  #sentMs = 0;
  /** Start of the first chunk. */
  #keptMs = 0;
  /** Start of the audio that may still become an item. */
  #openMs = 0;
  /** Time of an earlier sign of life of the server, and the end of the audio that it had examined then. */
  #aliveAt = 0;
  #examinedMs = 0;
  /** The commit in flight, and where its audio ends; there is one at a time. */
  #commit: { readonly eventId: string | undefined; readonly endMs: number } | undefined;
  /** Whether the server sends `committed` events, before the items. */
  #serverTellsCommits = false;
  /** Start and end of the speech that the server detects, and when it reported the start. */
  #speechMs: number | undefined;
  #speechEndMs: number | undefined;
  #speechAt: number | undefined;

  /** Whether the user speaks: according to the server or, without turn detection, when there is uncommitted audio. */
  isSpeaking(config: unknown): boolean {
    return this.#speechAt !== undefined || turnDetection(config) === null && this.#chunks.length > 0;
  }

  /** Processes an event that was sent, in a session with this configuration. */
  send(event: ClientEvent, config: unknown): void {
    if (event.type === "input_audio_buffer.commit") {
      this.#commit = { eventId: event.event_id, endMs: this.#sentMs };
    }
    if (event.type === "input_audio_buffer.clear") this.#drop(this.#sentMs);
    if (event.type !== "input_audio_buffer.append") return;
    const { audio } = event;
    const chunk = this.#chunkFor(audio.length * 3 / 4);
    try {
      chunk.length = decodeInto(chunk.memory, audio);
    } catch {
      // The server refuses it as well.
      return;
    }
    this.#sentMs += audio.length * msPerCharacter(config, "input");
    chunk.endMs = this.#sentMs;
    this.#chunks.push(chunk);
    this.#forget(this.#sentMs - MAX_MS);
  }

  /** Nearly all chunks are of about one length, so that those that were forgotten are used again. */
  #chunkFor(length: number): Chunk {
    const spare = this.#spare.pop();
    const room = spare ? spare.memory.length - length : -1;
    return room >= 0 && room <= length ? spare! : { memory: new Uint8Array(length), length, endMs: 0 };
  }

  /**
   * Records a sign of life of the server: where it detects turns, it has examined the audio that it had at an earlier
   * one, except what still waits in the line, and would have reported speech. On a line that stalls, signs of life are
   * late, too. It counts only if audio of {@linkcode SIGN_MS} was sent since.
   */
  hear(host: SignHost): void {
    // Nothing new.
    if (this.#sentMs - this.#examinedMs < 4 * SIGN_MS) return;
    const { clock, config, generations } = host;
    const nowMs = clock.now();
    if (nowMs - this.#aliveAt < SIGN_MS) return;
    const isExamined = this.#speechAt === undefined && isRecord(turnDetection(config));
    if (isExamined) this.#drop(Math.max(this.#openMs, this.#examinedMs));
    this.#aliveAt = nowMs;
    const waitingMs = generations.connection.transport.bufferedAmount * msPerCharacter(config, "input");
    this.#examinedMs = this.#sentMs - waitingMs - 3 * SIGN_MS;
  }

  /** Processes a server event. */
  receive(event: WireEvent, nowMs: number): void {
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        // Some servers omit it; the speech is then in the audio since the last item.
        this.#speechMs ??= numberAt(event, "audio_start_ms") || undefined;
        this.#speechAt ??= nowMs;
        return;
      case "input_audio_buffer.speech_stopped":
        this.#speechEndMs = numberAt(event, "audio_end_ms") || undefined;
        return;
      case "conversation.item.created":
        // Self-hosted servers report an expected commit in no other way.
        if (this.#serverTellsCommits || (this.#commit ?? this.#speechEndMs) === undefined) return;
        return isSpokenItem(event) ? this.#takeCommit() : undefined;
      case "input_audio_buffer.committed":
        this.#serverTellsCommits = true;
        return this.#takeCommit();
      case "input_audio_buffer.cleared":
        return this.#forgetSpeech();
      case "error":
        if (this.#commit && this.#commit.eventId === stringAt(event.error, "event_id")) this.#commit = undefined;
    }
  }

  #takeCommit(): void {
    // A turn detected by the server ends where its speech does.
    this.#drop(this.#speechEndMs ?? this.#commit?.endMs ?? this.#sentMs);
    if (this.#speechEndMs === undefined) this.#commit = undefined;
    this.#forgetSpeech();
  }

  /**
   * Returns the audio to send again on the next connection, and the missing duration in milliseconds. Audio sent by a
   * browser is missing from the start of the speech. Nothing may follow: the next connection has a tail of its own.
   */
  take(nowMs: number): { readonly again: readonly ClientEvent[]; readonly lostMs: number } {
    const fromMs = this.#speechMs ?? this.#openMs;
    this.#forget(fromMs);
    const lostMs = this.#sentMs > 0 ? this.#keptMs - fromMs : nowMs - (this.#speechAt ?? nowMs);
    const type = "input_audio_buffer.append";
    const audioOf = ({ memory, length }: Chunk) => encodeBase64(memory.subarray(0, length));
    const again = this.#chunks.map((chunk) => ({ type, audio: audioOf(chunk) } as const));
    return { again, lostMs: Math.max(0, Math.round(lostMs)) };
  }

  /** Drops everything that ends before a position. */
  #drop(ms: number): void {
    this.#forget(ms);
    this.#openMs = ms;
  }

  #forgetSpeech(): void {
    this.#speechMs = this.#speechEndMs = this.#speechAt = undefined;
  }

  /** Forgets the chunks that end by a position; of their memory, as much is kept as is in use. */
  #forget(ms: number): void {
    while (this.#chunks[0] && this.#chunks[0].endMs <= ms) {
      const chunk = this.#chunks.shift()!;
      this.#keptMs = chunk.endMs;
      this.#spare.push(chunk);
    }
    while (this.#spare.length > this.#chunks.length) this.#spare.pop();
  }
}

function turnDetection(config: unknown): unknown {
  return at(config, "audio", "input", "turn_detection");
}
