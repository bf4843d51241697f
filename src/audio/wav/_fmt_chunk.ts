// This module is browser compatible.
import { type AudioEncoding, bytesPerFrame } from "../duration.ts";
import type { WavFormat } from "./wav_format.ts";

/** Bytes of a `fmt ` chunk that mean anything to us: the extensible form has no more. */
export const FMT_BYTES = 40;

/** What a `fmt ` chunk writes for each encoding, and how many bits a sample takes. */
export const WAV_ENCODINGS: Readonly<Record<AudioEncoding, { readonly code: number; readonly bits: number }>> = {
  "audio/pcm": { code: 1, bits: 16 },
  "audio/pcma": { code: 6, bits: 8 },
  "audio/pcmu": { code: 7, bits: 8 },
};

/** Says that the encoding follows in the first two bytes of a GUID. */
const EXTENSIBLE = 0xfffe;

/** The other bytes of the GUID, the same for all the encodings that have a number. */
const GUID_TAIL = "000000001000800000aa00389b71";

/** Reads a `fmt ` chunk, of which `chunk` holds up to {@linkcode FMT_BYTES} bytes. */
export function parseFmtChunk(chunk: Uint8Array): WavFormat {
  if (chunk.length < 16) {
    throw new SyntaxError(`Cannot read WAV as its fmt chunk must be >= 16 bytes: current value is ${chunk.length}`);
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const bits = view.getUint16(14, true);
  const format = encodingOf(codeOf(view), bits);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  if (channels === 0 || sampleRate === 0) {
    throw new SyntaxError(`Cannot read WAV as it has ${channels} channels at ${sampleRate} Hz: both must be positive`);
  }
  const frameBytes = bytesPerFrame({ format, channels });
  const blockAlign = view.getUint16(12, true);
  if (blockAlign !== frameBytes) {
    throw new SyntaxError(`Cannot read WAV as its block align must be ${frameBytes}: current value is ${blockAlign}`);
  }
  return { format, sampleRate, channels };
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

function encodingOf(code: number, bits: number): AudioEncoding {
  for (const format of ["audio/pcm", "audio/pcma", "audio/pcmu"] as const) {
    if (WAV_ENCODINGS[format].code === code && WAV_ENCODINGS[format].bits === bits) return format;
  }
  throw new SyntaxError(
    `Cannot read WAV as it must be 16-bit PCM (1), 8-bit A-law (6) or 8-bit µ-law (7): its encoding is ${code} with ${bits} bits`,
  );
}
