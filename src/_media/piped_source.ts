// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import type { AudioKit, WavPiece, WavPieceReader } from "./audio_kit.ts";
import type { AudioInput } from "./audio_input.ts";
import type { InputSource } from "./input_source.ts";
import { join, PlainWavReader } from "./plain_wav_reader.ts";

/** Start of a WAV file: "RIFF", four bytes of size, "WAVE". */
const WAV_HEADER = "RIFF....WAVE";

/** Writes the chunks of one source to the input. Detects a WAV file by its first bytes. */
export class PipedSource {
  readonly #input: AudioInput;
  /** Bytes that may be the beginning of a WAV file. */
  #undecided: Uint8Array | undefined = new Uint8Array(0);
  #wav: WavPieceReader | undefined;
  readonly #kit: AudioKit | undefined;
  /** Whether the bytes of the WAV file are sent, rather than its samples. */
  #isPlain = false;
  #source: InputSource | undefined;

  constructor(input: AudioInput) {
    this.#input = input;
    this.#kit = input.audioKit;
  }

  /**
   * Sends a chunk; resolves when there is room for more.
   *
   * @throws {TypeError} when it is not audio, or must be converted and there is no converter.
   * @throws {SyntaxError} when it belongs to a WAV file that cannot be read.
   */
  async write(chunk: PcmChunk): Promise<void> {
    if (this.#wav) return await this.#writeWav(this.#wav, chunk);
    if (!this.#undecided) return await this.#open().write(chunk);
    const bytes = chunk instanceof Uint8Array ? join(this.#undecided, chunk) : this.#undecided;
    if (chunk instanceof Uint8Array && mayBecomeWav(bytes)) {
      if (bytes.length < WAV_HEADER.length) return void (this.#undecided = bytes);
      this.#wav = this.#kit?.createWavReader?.() ?? new PlainWavReader();
      return await this.#writeWav(this.#wav, bytes);
    }
    this.#undecided = undefined;
    if (bytes.length > 0) await this.#open().write(bytes);
    if (!(chunk instanceof Uint8Array)) await this.#open().write(chunk);
  }

  /** Ends the source: sends the rest, and ends the user's turn if `inputEnd` says so. */
  async end(): Promise<void> {
    await this.stop();
    await this.#open().end();
    this.#wav?.end();
  }

  /** Ends the source; another one continues its turn. */
  async stop(): Promise<void> {
    const bytes = this.#undecided;
    this.#undecided = undefined;
    if (bytes && bytes.length > 0 && !this.#wav) await this.#open().write(bytes);
    await this.#source?.stop();
  }

  async #writeWav(wav: WavPieceReader, chunk: PcmChunk): Promise<void> {
    if (!(chunk instanceof Uint8Array)) {
      throw new TypeError("Cannot read WAV as its chunks must be bytes: this one is of samples");
    }
    const audio = wav.push(chunk);
    if (audio) await this.#openWav(audio).write(this.#isPlain ? audio.data : this.#toMono(audio));
  }

  #open(): InputSource {
    return this.#source ??= this.#input.open();
  }

  #openWav({ channels, format, sampleRate }: WavPiece): InputSource {
    if (this.#source) return this.#source;
    const { layout } = this.#input;
    const isOfSession = channels === 1 && format === layout.format && sampleRate === layout.sampleRate;
    const isRaw = isOfSession && format !== "audio/pcm";
    this.#isPlain = isRaw || this.#wav instanceof PlainWavReader;
    if (this.#isPlain && !isRaw && format !== "audio/pcm") {
      throw new TypeError(`Cannot convert ${format} as audioKit is missing: pass the module @oai-rt/edge/audio`);
    }
    return this.#source = this.#input.open({ inputRate: isRaw ? undefined : sampleRate });
  }

  #toMono({ channels, samples }: WavPiece): Int16Array {
    if (channels === 1) return samples;
    if (this.#kit?.mixToMono) return this.#kit.mixToMono(samples, channels);
    throw new TypeError(`Cannot mix ${channels} channels as audioKit is missing: pass the module @oai-rt/edge/audio`);
  }
}

/** Whether bytes can be the beginning of a WAV file. */
function mayBecomeWav(bytes: Uint8Array): boolean {
  for (let index = 0; index < WAV_HEADER.length && index < bytes.length; index++) {
    if (WAV_HEADER[index] !== "." && WAV_HEADER.charCodeAt(index) !== bytes[index]) return false;
  }
  return true;
}
