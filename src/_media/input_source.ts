// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import type { WireLayout } from "./audio_layout.ts";
import { createInputEncoder, type InputEncoder, type InputEncoding } from "./input_encoder.ts";

/** Largest part of one piece that is converted at a time, in samples or bytes: the format may change meanwhile. */
const MAX_AT_ONCE = 24_000;

/** Destination of a source. */
export interface InputTarget {
  /** Current encoding and rate of the audio on the wire. */
  readonly layout: WireLayout;
  /** Sends encoded audio; resolves when there is room for more, with `false` if the audio was dropped meanwhile. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Ends the audio of a source; resolves when all of it has left for the socket. */
  finish(): Promise<void>;
}

/** One source of the user's audio: converts it to the session's format, even when that changes meanwhile. */
export class InputSource {
  readonly #input: InputTarget;
  readonly #encoding: InputEncoding;
  #layout: WireLayout | undefined;
  #encoder!: InputEncoder;

  /**
   * Creates a source.
   *
   * @throws {TypeError} when a conversion was requested and there is no converter.
   * @throws {RangeError} when the rate cannot be converted.
   */
  constructor(input: InputTarget, encoding: InputEncoding) {
    this.#input = input;
    this.#encoding = encoding;
    this.#follow();
  }

  /** Converts a piece of audio. */
  encode(chunk: PcmChunk): Uint8Array {
    this.#follow();
    return this.#encoder.push(chunk);
  }

  /** Returns the rest of the conversion. */
  flush(): Uint8Array {
    this.#follow();
    return this.#encoder.flush();
  }

  /** Sends a piece of audio; resolves when there is room for more. */
  async write(chunk: PcmChunk): Promise<void> {
    const isLong = ArrayBuffer.isView(chunk) && chunk.length > MAX_AT_ONCE;
    if (!isLong) return void await this.#input.write(this.encode(chunk));
    for (let offset = 0, isTaken = true; isTaken && offset < chunk.length; offset += MAX_AT_ONCE) {
      isTaken = await this.#input.write(this.encode(chunk.subarray(offset, offset + MAX_AT_ONCE)));
    }
  }

  /** Sends the rest, and ends the user's turn if `inputEnd` says so. */
  async end(): Promise<void> {
    await this.stop();
    await this.#input.finish();
  }

  /** Leaves the turn open for another source, which continues it. */
  async stop(): Promise<void> {
    await this.#input.write(this.flush());
  }

  #follow(): void {
    const { layout } = this.#input;
    if (layout === this.#layout) return;
    this.#layout = layout;
    this.#encoder = createInputEncoder(layout, this.#encoding);
  }
}
