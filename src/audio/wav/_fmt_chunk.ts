// This module is browser compatible.
import type { AudioEncoding } from "../duration.ts";
import type { StoredSamples } from "./_stored_samples.ts";
import type { WavFormat } from "./wav_format.ts";

/** Bytes of a `fmt ` chunk that are read: the extensible form has no more. */
export const FMT_BYTES = 40;

/** The code of each encoding in a `fmt ` chunk, and the number of bits per sample. */
export const WAV_ENCODINGS: Readonly<Record<AudioEncoding, { readonly code: number; readonly bits: number }>> = {
  "audio/pcm": { code: 1, bits: 16 },
  "audio/pcma": { code: 6, bits: 8 },
  "audio/pcmu": { code: 7, bits: 8 },
};

/** Code of IEEE floats. */
const FLOAT = 3;

/** The encoding follows in the first two bytes of a GUID. */
const EXTENSIBLE = 0xfffe;

/** The other bytes of the GUID, the same for all encodings with a number. */
const GUID_TAIL = "000000001000800000aa00389b71";

/** The content of a `fmt ` chunk. */
export interface FmtChunk {
  /** Format in which the reader returns the audio. */
  readonly format: WavFormat;
  /** Storage format of a sample in the file. */
  readonly stored: StoredSamples;
  /** Bytes of one sample of every channel in the file. */
  readonly frameBytes: number;
}

/**
 * Reads a `fmt ` chunk, of which `chunk` holds up to {@linkcode FMT_BYTES} bytes. A block align of 0 counts as omitted,
 * unless `strict`.
 */
export function parseFmtChunk(chunk: Uint8Array, strict: boolean): FmtChunk {
  if (chunk.length < 16) {
    throw new SyntaxError(`Cannot read WAV as its fmt chunk must be >= 16 bytes: current value is ${chunk.length}`);
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const stored = storedSamples(codeOf(view), view.getUint16(14, true));
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  if (channels === 0 || sampleRate === 0) {
    throw new SyntaxError(`Cannot read WAV as it has ${channels} channels at ${sampleRate} Hz: both must be positive`);
  }
  const frameBytes = stored.bytes * channels;
  const blockAlign = view.getUint16(12, true);
  if (blockAlign !== frameBytes && (strict || blockAlign !== 0)) {
    throw new SyntaxError(`Cannot read WAV as its block align must be ${frameBytes}: current value is ${blockAlign}`);
  }
  const format = stored.kind === "pcma" || stored.kind === "pcmu" ? `audio/${stored.kind}` as const : "audio/pcm";
  return { format: { format, sampleRate, channels }, stored, frameBytes };
}

function codeOf(view: DataView): number {
  const code = view.getUint16(0, true);
  if (code !== EXTENSIBLE) return code;
  if (view.byteLength < FMT_BYTES) {
    throw new SyntaxError(
      `Cannot read WAV as its extensible fmt chunk must be >= 40 bytes: current value is ${view.byteLength}`,
    );
  }
  let tail = "";
  for (let i = 26; i < FMT_BYTES; i++) tail += view.getUint8(i).toString(16).padStart(2, "0");
  if (tail !== GUID_TAIL) {
    throw new SyntaxError(`Cannot read WAV as its encoding is not supported: GUID ends in ${tail}`);
  }
  return view.getUint16(24, true);
}

/** Samples of a width that is not a multiple of 8 bits are stored in the next larger one, at its upper end. */
function storedSamples(code: number, bits: number): StoredSamples {
  const bytes = Math.ceil(bits / 8);
  if (code === WAV_ENCODINGS["audio/pcm"].code && bytes >= 1 && bytes <= 4) return { kind: "integer", bytes };
  if (code === FLOAT && (bits === 32 || bits === 64)) return { kind: "float", bytes };
  if (code === WAV_ENCODINGS["audio/pcma"].code && bits === 8) return { kind: "pcma", bytes };
  if (code === WAV_ENCODINGS["audio/pcmu"].code && bits === 8) return { kind: "pcmu", bytes };
  throw new SyntaxError(
    "Cannot read WAV as it must be PCM (1) of 8 to 32 bits, float (3) of 32 or 64 bits, A-law (6) or µ-law (7): " +
      `its encoding is ${code} with ${bits} bits`,
  );
}
