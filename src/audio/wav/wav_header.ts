// This module is browser compatible.
import { WAV_ENCODINGS } from "./_fmt_chunk.ts";
import { type AudioLayout, bytesPerFrame, framesPerSecond } from "../duration.ts";

/**
 * Creates the header of a WAV file, which precedes the audio: 44 bytes for PCM, 58 for G.711.
 *
 * @category WAV
 *
 * @param layout layout of the audio; by default mono PCM at 24 kHz.
 * @param dataBytes size of the audio in bytes. If omitted, both sizes in the header are 0xFFFFFFFF, which readers
 * interpret as "to the end of the file"; write the header again once the size is known.
 * @throws {RangeError} when a number does not fit into its field.
 */
export function wavHeader(layout: AudioLayout = {}, dataBytes?: number): Uint8Array<ArrayBuffer> {
  const frameBytes = bytesPerFrame(layout);
  const { format = "audio/pcm", channels = 1 } = layout;
  const sampleRate = framesPerSecond(layout);
  const { code, bits } = WAV_ENCODINGS[format];
  const length = format === "audio/pcm" ? 44 : 58;
  checkField("channels", channels, 0xffff / 2);
  checkField("sampleRate", sampleRate, 0xffffffff / frameBytes);
  if (dataBytes !== undefined) checkField("the size of the audio", dataBytes, 0xffffffff - length);

  const header = new Uint8Array(length);
  const view = new DataView(header.buffer);
  const ascii = (offset: number, text: string) => {
    for (let i = 0; i < text.length; i++) view.setUint8(offset + i, text.charCodeAt(i));
  };
  ascii(0, "RIFF");
  view.setUint32(4, dataBytes === undefined ? 0xffffffff : length - 8 + dataBytes + dataBytes % 2, true);
  ascii(8, "WAVEfmt ");
  view.setUint32(16, format === "audio/pcm" ? 16 : 18, true);
  view.setUint16(20, code, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, bits, true);
  if (format !== "audio/pcm") {
    ascii(38, "fact");
    view.setUint32(42, 4, true);
    view.setUint32(46, dataBytes === undefined ? 0xffffffff : dataBytes / frameBytes, true);
  }
  ascii(length - 8, "data");
  view.setUint32(length - 4, dataBytes ?? 0xffffffff, true);
  return header;
}

function checkField(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(
      `Cannot write WAV as ${name} must be an integer <= ${Math.floor(max)}: current value is ${value}`,
    );
  }
}
