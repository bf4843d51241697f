import type { AudioChunk, VoiceSession } from "@oai-rt/edge";
import { createAudioChunker, decodeBase64, encodeBase64 } from "@oai-rt/edge/audio";
import type { Line } from "./line.ts";
import { twilioLine } from "./twilio_line.ts";

/** Milliseconds of µ-law in a byte. */
const MS_PER_BYTE = 1 / 8;

/** Maximum audio without a mark, in milliseconds: the precision of a cut. */
const MARK_MS = 40;

/** Options of {@linkcode CallBridge}. */
export interface CallBridgeOptions {
  /**
   * How the frames are written.
   *
   * @default {twilioLine()}
   */
  readonly line?: Line | undefined;
  /** Called with every key that the caller presses. */
  readonly onDigit?: ((digit: string) => void) | undefined;
  /** Called whenever a mark shows that all speech so far was heard. */
  readonly onHeard?: (() => void) | undefined;
}

/**
 * Connects a telephone call to a voice session: µ-law both ways in frames of 20 ms, and marks that report to the
 * session what the caller has heard. It uses no socket: frames go in through {@linkcode receive} and out through
 * `send`. The session must use `audio/pcmu` both ways and have its playback `"reported"`.
 */
export class CallBridge {
  readonly #voice: VoiceSession;
  readonly #send: (frame: string) => void;
  readonly #line: Line;
  readonly #options: CallBridgeOptions;
  readonly #microphone: WritableStreamDefaultWriter<Uint8Array>;
  readonly #framer = createAudioChunker({ chunkMs: 20, format: "audio/pcmu" });
  #hasStarted = false;
  /** The item that is being sent, and how much of it was. */
  #itemId = "";
  #sentMs = 0;
  #markedMs = 0;
  /** Whether the caller's end may have something to clear. */
  #isPlaying = false;

  /** Replaces any other reader and writer of the session's audio. */
  constructor(voice: VoiceSession, send: (frame: string) => void, options: CallBridgeOptions = {}) {
    this.#voice = voice;
    this.#send = send;
    this.#line = options.line ?? twilioLine();
    this.#options = options;
    this.#microphone = voice.input.getWriter();
    // `voice.closed` tells why the session ended.
    this.#microphone.closed.catch(() => {});
    voice.on("interrupted", () => this.#clear());
    voice.on("audio_done", ({ itemId }) => this.#finish(itemId));
  }

  /** Whether the caller has heard all speech so far. */
  get isHeard(): boolean {
    return this.#voice.playback.unheardMs === 0;
  }

  /**
   * Processes a frame of the call.
   *
   * @throws {SyntaxError} when it is not JSON, or its audio is not base64.
   */
  receive(frame: string): void {
    const event = this.#line.read(frame);
    switch (event?.type) {
      case "start":
        if (this.#hasStarted) return;
        this.#hasStarted = true;
        // The session reports its own errors; a socket that accepts nothing any more is no longer a call.
        return void this.#play().catch(() => this.#voice.close());
      case "media":
        return void this.#microphone.write(decodeBase64(event.payload)).catch(() => {});
      case "mark":
        return this.#report(event.name);
      case "dtmf":
        return this.#options.onDigit?.(event.digit);
      case "stop":
        return void this.#voice.close();
    }
  }

  /** Sends the model's speech until the session ends. */
  async #play(): Promise<void> {
    for await (const chunk of this.#voice.output) this.#speak(chunk);
  }

  #speak({ itemId, startMs, bytes }: AudioChunk): void {
    // It was cut after it had left the stream.
    if (this.#isCut(itemId)) return;
    if (itemId !== this.#itemId) {
      this.#sendFrame(this.#framer.flush());
      this.#itemId = itemId;
      this.#sentMs = this.#markedMs = startMs;
    }
    for (const frame of this.#framer.push(bytes)) {
      this.#sendFrame(frame);
      if (this.#sentMs - this.#markedMs >= MARK_MS) this.#mark();
    }
    if (this.#sentMs > this.#markedMs) this.#mark();
    this.#finish(itemId);
  }

  /** Sends the end of an item, which is seldom a whole frame. */
  #finish(itemId: string): void {
    const item = this.#voice.playback.get(itemId);
    const sentMs = this.#sentMs + this.#framer.heldBytes * MS_PER_BYTE;
    if (itemId !== this.#itemId || !item?.complete || sentMs < item.receivedMs) return;
    this.#sendFrame(this.#framer.flush());
    this.#mark();
  }

  #sendFrame(frame: Uint8Array): void {
    if (frame.length === 0) return;
    this.#send(this.#line.media(encodeBase64(frame)));
    this.#sentMs += frame.length * MS_PER_BYTE;
    this.#isPlaying = true;
  }

  #mark(): void {
    this.#markedMs = this.#sentMs;
    this.#send(this.#line.mark(`${this.#itemId} ${this.#sentMs}`));
  }

  /** Marks of audio that was cleared come back as well, as if it had been heard. */
  #report(name: string): void {
    const [itemId = "", heardMs] = name.split(" ");
    if (!(Number(heardMs) >= 0) || this.#isCut(itemId)) return;
    this.#voice.playback.report(itemId, Number(heardMs));
    if (this.isHeard) this.#options.onHeard?.();
  }

  #isCut(itemId: string): boolean {
    return this.#voice.playback.get(itemId)?.cut === true;
  }

  #clear(): void {
    this.#framer.flush();
    this.#itemId = "";
    if (this.#isPlaying) this.#send(this.#line.clear());
    this.#isPlaying = false;
  }
}
