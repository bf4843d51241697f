/** A tone as loud as speech, about -13 dBFS. */
export function tone(ms: number): Int16Array {
  return Int16Array.from({ length: ms * 24 }, (_, index) => 10_000 * Math.sin(2 * Math.PI * 220 * index / 24_000));
}

/** Digital silence. */
export function silence(ms: number): Int16Array {
  return new Int16Array(ms * 24);
}

/** Concatenates audio. */
export function joined(...pieces: readonly Int16Array[]): Int16Array {
  return Int16Array.from(pieces.flatMap((piece) => [...piece]));
}
