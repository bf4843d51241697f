// This module is browser compatible.
import { at, isRecord, numberAt, type WireEvent } from "../../_internal/wire.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import { msPerCharacter } from "../_parts/audio_length.ts";

/** How much audio is kept that the server has made no item of, in milliseconds. */
const MAX_MS = 60_000;

/** How much of it counts where the server finds turns and hears no speech: it notices the beginning of speech late. */
const UNHEARD_MS = 1000;

/** How much is kept then: what the server says of speech comes late, too. */
const KEPT_UNHEARD_MS = 5000;

/**
 * The user's audio that the server has made no item of. The next connection gets it once more: the conversation there does
 * not contain it, even if the old server has made an item of it since.
 */
export class InputTail {
  /** What was sent, oldest first, and where it ends in all audio of this connection, in milliseconds. */
  #chunks: { readonly audio: string; readonly endMs: number }[] = [];
  #sentMs = 0;
  /** Where the speech begins that the server hears, and where it has ended, in milliseconds. */
  #speechMs: number | undefined;
  #speechEndMs: number | undefined;

  /** Whether the user's audio passes through this session: a browser sends it by itself. */
  get isOurs(): boolean {
    return this.#sentMs > 0;
  }

  /** Whether the server has heard speech that is no item yet. */
  get isSpeaking(): boolean {
    return this.#speechMs !== undefined;
  }

  /** Takes in an event that was sent, in a session with this configuration. */
  send(event: ClientEvent, config: unknown): void {
    if (event.type === "input_audio_buffer.clear") this.#chunks = [];
    if (event.type !== "input_audio_buffer.append") return;
    this.#sentMs += event.audio.length * msPerCharacter(config, "input");
    this.#chunks.push({ audio: event.audio, endMs: this.#sentMs });
    const isUnheard = findsTurns(config) && this.#speechMs === undefined;
    const firstMs = this.#sentMs - (isUnheard ? KEPT_UNHEARD_MS : MAX_MS);
    while (this.#chunks[0]!.endMs <= firstMs) this.#chunks.shift();
  }

  /** Takes in a server event. */
  receive(event: WireEvent): void {
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        this.#speechMs ??= numberAt(event, "audio_start_ms");
        return;
      case "input_audio_buffer.speech_stopped":
        this.#speechEndMs = numberAt(event, "audio_end_ms") || undefined;
        return;
      case "input_audio_buffer.committed":
        this.#chunks = this.#after(this.#speechEndMs ?? Infinity);
        return this.#forgetSpeech();
      case "input_audio_buffer.cleared":
        return this.#forgetSpeech();
    }
  }

  /**
   * The audio for the next connection, and how much is missing of it, in milliseconds; goes on with that connection.
   * `turnDetection` is the session's.
   */
  take(config: unknown): { readonly audio: readonly string[]; readonly lostMs: number } {
    const chunks = this.#after(findsTurns(config) ? this.#speechMs ?? this.#sentMs - UNHEARD_MS : -Infinity);
    const [oldest] = chunks;
    const firstMs = oldest ? oldest.endMs - oldest.audio.length * msPerCharacter(config, "input") : this.#sentMs;
    const lostMs = Math.max(0, firstMs - (this.#speechMs ?? firstMs));
    this.#chunks = [];
    this.#sentMs = 0;
    this.#forgetSpeech();
    for (const { audio } of chunks) this.send({ type: "input_audio_buffer.append", audio }, config);
    return { audio: chunks.map(({ audio }) => audio), lostMs };
  }

  #forgetSpeech(): void {
    this.#speechMs = this.#speechEndMs = undefined;
  }

  /** The chunks that end after a time. */
  #after(ms: number) {
    const index = this.#chunks.findIndex(({ endMs }) => endMs > ms);
    return index < 0 ? [] : this.#chunks.slice(index);
  }
}

/** Whether the server finds turns in a session with this configuration. */
function findsTurns(config: unknown): boolean {
  return isRecord(at(config, "audio", "input", "turn_detection"));
}
