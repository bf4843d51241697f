// This module is browser compatible.

/** The inner loop of a filter, in WebAssembly with SIMD. */
export interface SimdKernel {
  /** Its memory, of 64 KiB. */
  readonly memory: ArrayBufferLike;
  /**
   * Writes four outputs at a time, from `output` to `outputEnd`. Each is the sum of the products of the weights and as
   * many input samples; those of the next output begin `step` further. All values are floats, all places and distances
   * are in bytes, and the number of weights is a multiple of 4.
   */
  filter(
    weights: number,
    weightsEnd: number,
    input: number,
    step: number,
    output: number,
    outputEnd: number,
  ): void;
}

// A type with six parameters and no result, a function of this type, a memory of one page, and the exports m and f.
const SECTIONS = [
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 10, 1, 0x60, 6, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0],
  ...[3, 2, 1, 0],
  ...[5, 3, 1, 0, 1],
  ...[7, 9, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0],
];

// The parameters.
const [WEIGHTS, WEIGHTS_END, INPUT, STEP, OUTPUT, OUTPUT_END] = [0, 1, 2, 3, 4, 5] as const;
// Local variables: places of the next weights and of the next input samples of four outputs; vectors.
const [PLACE, FIRST, SECOND, THIRD, FOURTH] = [6, 7, 8, 9, 10] as const;
const [A, B, C, D, FACTORS, ZEROS] = [11, 12, 13, 14, 15, 16] as const;

type Code = readonly number[];
const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [...value, 0x21, local];
const sum = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
const load = (place: number): Code => [...get(place), 0xfd, 0, 2, 0];
const vectorSum = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0xe4, 1];
const vectorProduct = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0xe6, 1];

/** Four floats of two vectors, whose floats have the numbers 0 to 3 and 4 to 7. */
const pick = (a: Code, b: Code, ...floats: number[]): Code => [
  ...[...a, ...b, 0xfd, 13],
  ...floats.flatMap((float) => [0, 1, 2, 3].map((byte) => 4 * float + byte)),
];

/** The sums of the halves of two vectors, alternating. */
const halves = (a: Code, b: Code): Code => vectorSum(pick(a, b, 0, 4, 1, 5), pick(a, b, 2, 6, 3, 7));

/** Moves a place on by 16 bytes. */
const advance = (place: number): Code => set(place, sum(get(place), [0x41, 16]));

/** Repeats the code while a place is before its end. */
const repeat = (place: number, end: number, ...code: Code[]): Code => [
  ...[3, 0x40, ...code.flat(), ...get(place), ...get(end), 0x49, 0x0d, 0, 0x0b],
];

/** Adds the products of four weights and four input samples. */
const addProducts = (sums: number, place: number): Code =>
  set(sums, vectorSum(get(sums), vectorProduct(get(FACTORS), load(place))));

function body(): Code {
  const taps = repeat(
    PLACE,
    WEIGHTS_END,
    set(FACTORS, load(PLACE)),
    addProducts(A, FIRST),
    addProducts(B, SECOND),
    addProducts(C, THIRD),
    addProducts(D, FOURTH),
    ...[PLACE, FIRST, SECOND, THIRD, FOURTH].map(advance),
  );
  return repeat(
    OUTPUT,
    OUTPUT_END,
    ...[A, B, C, D].map((sums) => set(sums, get(ZEROS))),
    set(PLACE, get(WEIGHTS)),
    ...[FIRST, SECOND, THIRD, FOURTH].flatMap((place) => [
      set(place, get(INPUT)),
      set(INPUT, sum(get(INPUT), get(STEP))),
    ]),
    taps,
    // The sums of halves, of which those of A and B come first, become the sums of all.
    set(A, halves(get(A), get(B))),
    set(C, halves(get(C), get(D))),
    get(OUTPUT),
    vectorSum(pick(get(A), get(C), 0, 1, 4, 5), pick(get(A), get(C), 2, 3, 6, 7)),
    [0xfd, 11, 2, 0],
    advance(OUTPUT),
  );
}

/** Code, after its length. */
function sized(code: Code): Code {
  return [code.length & 0x7f | 0x80, code.length >> 7, ...code];
}

/** Creates the kernel; `undefined` where the runtime cannot run it, or may not run code that was just made. */
export function createSimdKernel(): SimdKernel | undefined {
  // Five local variables are places, six are vectors.
  const code = [2, 5, 0x7f, 6, 0x7b, ...body(), 0x0b];
  const bytes = Uint8Array.from([...SECTIONS, 10, ...sized([1, ...sized(code)])]);
  try {
    const { f, m } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    return { filter: f as SimdKernel["filter"], memory: (m as WebAssembly.Memory).buffer };
  } catch {
    return undefined;
  }
}
