// This module is browser compatible.
import { at, isRecord, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import { msPerCharacter } from "../_parts/audio_length.ts";

/** How much audio is kept that the server has made no item of, in milliseconds. */
const MAX_MS = 60_000;

/** How much of it counts where the server finds turns and hears no speech: it notices the beginning of speech late. */
const UNHEARD_MS = 1000;

/** How much is kept then: what the server says of speech comes late, too. */
const KEPT_UNHEARD_MS = 5000;

/** No commits; shared, as most sessions commit nothing themselves. */
const NONE = [] as const;

/**
 * The user's audio that the server has made no item of. The next connection gets it once more: the conversation there does
 * not contain it, even if the old server has made an item of it since.
 *
 * Positions are in all audio of this connection, in milliseconds.
 */
export class InputTail {
  /** What was sent, oldest first, and where it ends. */
  #chunks: { readonly audio: string; readonly endMs: number }[] = [];
  #sentMs = 0;
  /** Where the audio begins that is no item. */
  #openMs = 0;
  /** Commits that were sent and are not answered, and where they end. */
  #commits: readonly { readonly eventId: string | undefined; readonly endMs: number }[] = NONE;
  /** Where the speech begins that the server hears, and where it has ended. */
  #speechMs: number | undefined;
  #speechEndMs: number | undefined;

  /** Whether the user's audio passes through this session: a browser sends it by itself. */
  get isOurs(): boolean {
    return this.#sentMs > 0;
  }

  /** Whether the user speaks: the server says so, or, where it finds no turns, there is audio that is not committed. */
  isSpeaking(config: unknown): boolean {
    return this.#speechMs !== undefined || turnDetection(config) === null && this.#chunks.length > 0;
  }

  /** Takes in an event that was sent, in a session with this configuration. */
  send(event: ClientEvent, config: unknown): void {
    if (event.type === "input_audio_buffer.commit") {
      this.#commits = [...this.#commits, { eventId: event.event_id, endMs: this.#sentMs }];
    }
    if (event.type === "input_audio_buffer.clear") this.#drop(this.#sentMs);
    if (event.type !== "input_audio_buffer.append") return;
    this.#sentMs += event.audio.length * msPerCharacter(config, "input");
    this.#chunks.push({ audio: event.audio, endMs: this.#sentMs });
    const isUnheard = isRecord(turnDetection(config)) && this.#speechMs === undefined;
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
        // A turn that the server has found ends where its speech does.
        this.#drop(this.#speechEndMs ?? this.#commits[0]?.endMs ?? this.#sentMs);
        if (this.#speechEndMs === undefined) this.#commits = this.#commits.slice(1);
        return this.#forgetSpeech();
      case "input_audio_buffer.cleared":
        return this.#forgetSpeech();
      case "error": {
        const refusedId = stringAt(event, "error", "event_id");
        this.#commits = this.#commits.filter(({ eventId }) => eventId === undefined || eventId !== refusedId);
      }
    }
  }

  /**
   * The audio for the next connection, and how much is missing of it, in milliseconds; goes on with that connection, which
   * has this configuration.
   */
  take(config: unknown): { readonly audio: readonly string[]; readonly lostMs: number } {
    const unheardMs = Math.max(this.#openMs, this.#sentMs - UNHEARD_MS);
    const fromMs = isRecord(turnDetection(config)) ? this.#speechMs ?? unheardMs : this.#openMs;
    const chunks = this.#after(Math.max(fromMs, this.#sentMs - MAX_MS));
    const [oldest] = chunks;
    const firstMs = oldest ? oldest.endMs - oldest.audio.length * msPerCharacter(config, "input") : this.#sentMs;
    const lostMs = Math.max(0, Math.round(firstMs - fromMs));
    this.#chunks = [];
    this.#commits = NONE;
    this.#sentMs = this.#openMs = 0;
    this.#forgetSpeech();
    for (const { audio } of chunks) this.send({ type: "input_audio_buffer.append", audio }, config);
    return { audio: chunks.map(({ audio }) => audio), lostMs };
  }

  /** Lets go what ends before a position. */
  #drop(ms: number): void {
    this.#chunks = this.#after(ms);
    this.#openMs = ms;
  }

  #forgetSpeech(): void {
    this.#speechMs = this.#speechEndMs = undefined;
  }

  /** The chunks that end after a position. */
  #after(ms: number) {
    const index = this.#chunks.findIndex(({ endMs }) => endMs > ms);
    return index < 0 ? [] : this.#chunks.slice(index);
  }
}

function turnDetection(config: unknown): unknown {
  return at(config, "audio", "input", "turn_detection");
}
