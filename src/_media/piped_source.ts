// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import type { AudioKit, WavPiece, WavPieceReader } from "./audio_kit.ts";
import type { AudioInput } from "./audio_input.ts";
import type { InputSource } from "./input_source.ts";
import { join, lettersAt, PlainWavReader } from "./plain_wav_reader.ts";

/** Number of bytes that tell a file from audio. */
const HEADER_BYTES = 12;

/** Compressed formats by four letters at the start of a file, or after four bytes of size. */
const COMPRESSED: Readonly<Record<string, string>> = {
  "ID3\x03": "MP3",
  "ID3\x04": "MP3",
  OggS: "Ogg",
  fLaC: "FLAC",
  "\x1aE\xdf\xa3": "WebM",
  ftyp: "MP4",
};

/** Writes the chunks of one source to the input. Detects a file by its first bytes. */
export class PipedSource {
  readonly #input: AudioInput;
  /** Bytes that may be the beginning of a file. */
  #undecided: Uint8Array | undefined = new Uint8Array(0);
  #wav: WavPieceReader | undefined;
  readonly #kit: AudioKit | undefined;
  /** Whether the bytes of the WAV file are sent, rather than its samples. */
  #isPlain = false;
  #source: InputSource | undefined;
  #hasEnded = false;

  constructor(input: AudioInput) {
    this.#input = input;
    this.#kit = input.audioKit;
  }

  /**
   * Sends a chunk; resolves when there is room for more.
   *
   * @throws {TypeError} when it is not audio, is compressed, or must be converted and there is no converter.
   * @throws {SyntaxError} when it belongs to a WAV file that cannot be read.
   */
  async write(chunk: PcmChunk): Promise<void> {
    if (this.#wav) return await this.#writeWav(this.#wav, chunk);
    if (!this.#undecided) return await this.#open().write(chunk);
    const isBytes = chunk instanceof Uint8Array;
    const bytes = isBytes ? join(this.#undecided, chunk) : this.#undecided;
    if (isBytes && bytes.length < HEADER_BYTES) return void (this.#undecided = bytes);
    this.#undecided = undefined;
    const start = lettersAt(bytes, 0);
    if (start + lettersAt(bytes, 8) === "RIFFWAVE") {
      const kit = this.#kit;
      // Its output is mixed: neither is of use without the other.
      this.#wav = kit?.mixToMono && kit.createWavReader?.() || new PlainWavReader();
      return await this.#writeWav(this.#wav, bytes);
    }
    const name = COMPRESSED[start] ?? COMPRESSED[lettersAt(bytes, 4)];
    if (name) throw new TypeError(`Cannot send audio as ${name} must be decoded first`);
    if (bytes.length > 0) await this.#open().write(bytes);
    if (!isBytes) await this.#open().write(chunk);
  }

  /**
   * Ends the source: sends the rest, and ends the user's turn if `inputEnd` says so. Repeated after a failure, it only
   * does what the first call has not tried.
   */
  async end(): Promise<void> {
    await this.stop();
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#open().end();
    this.#wav?.end();
  }

  /** Ends the source; another one continues its turn. */
  async stop(): Promise<void> {
    if (this.#undecided?.length) await this.#open().write(this.#undecided);
    // An end that fails is repeated.
    this.#undecided = undefined;
    await this.#source?.stop();
  }

  async #writeWav(wav: WavPieceReader, chunk: PcmChunk): Promise<void> {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("Cannot read WAV as its chunks must be bytes");
    const audio = wav.push(chunk);
    if (!audio) return;
    const source = this.#openWav(audio);
    await source.write(this.#isPlain ? audio.data : this.#kit!.mixToMono!(audio.samples, audio.channels));
  }

  #open(): InputSource {
    return this.#source ??= this.#input.open();
  }

  #openWav({ channels, format, sampleRate }: WavPiece): InputSource {
    if (this.#source) return this.#source;
    const { layout } = this.#input;
    const isRaw = format !== "audio/pcm" && channels === 1 && format === layout.format &&
      sampleRate === layout.sampleRate;
    this.#isPlain = isRaw || this.#wav instanceof PlainWavReader;
    if (this.#isPlain && !isRaw && format !== "audio/pcm") {
      throw new TypeError(`Cannot convert ${format} as audioKit is missing: pass the module @oai-rt/edge/audio`);
    }
    return this.#source = this.#input.open({ inputRate: isRaw ? undefined : sampleRate });
  }
}
