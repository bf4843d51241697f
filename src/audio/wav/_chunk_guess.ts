// This module is browser compatible.

/** Names of chunks that programs write around the audio. */
const KNOWN =
  /^(?:LIST|bext|cue |data|fact|fmt |iXML|id3 |ID3 |INFO|JUNK|junk|PEAK|smpl|inst|PAD |FLLR|afsp|axml|_PMX)$/;

/**
 * Whether the bytes after a chunk of odd length begin with its padding byte, which some programs omit. It should be 0,
 * and the name of a chunk begins with a printable character.
 */
export function beginsWithPadding(header: Uint8Array): boolean {
  const text = String.fromCharCode(...header);
  return !/^[ -~]{4}/.test(text) || (!KNOWN.test(text.slice(0, 4)) && KNOWN.test(text.slice(1, 5)));
}

/**
 * Whether the bytes after a data chunk of size 0 are another chunk, so that there is no audio, or begin the audio of a
 * program that could not fill in the size. `undefined` when more bytes are needed to decide.
 *
 * @param bytes the following bytes, one to eight.
 * @param room bytes left in the file according to its header; `undefined` when that size is not filled in, either.
 */
export function isTrailingChunk(bytes: Uint8Array, room: number | undefined): boolean | undefined {
  const name = String.fromCharCode(...bytes.subarray(0, 4));
  if (!/^[A-Za-z_][\w ]*$/.test(name)) return false;
  if (bytes.length < 8) return undefined;
  const size = new DataView(bytes.buffer, bytes.byteOffset, 8).getUint32(4, true);
  return room === undefined ? KNOWN.test(name) : 8 + size <= room;
}
