import { assertEquals, assertThrows } from "@std/assert";
import { decodeG711, decodeG711Stream, encodeG711, encodeG711Stream, type G711Encoding } from "../../src/audio/g711.ts";
import { toBytes, toInt16 } from "../../src/audio/pcm.ts";
import { cut, join, randomBytes, through } from "./_helpers.ts";

/**
 * One of the tables of ITU-T Recommendation G.711, for values of one sign: intervals of growing size from 0 upwards, as
 * pairs of how many there are and how wide they are, in the unit of the table; and how many 16-bit steps that unit has.
 */
interface Table {
  readonly format: G711Encoding;
  readonly intervals: readonly (readonly [count: number, width: number])[];
  readonly unit: number;
  /** Character signal of interval `n` of the positive values, and of the negative ones. */
  readonly positive: (n: number) => number;
  readonly negative: (n: number) => number;
}

/** Table 1/G.711: A-law, 13 segments, even bits inverted for transmission. */
const A_LAW: Table = {
  format: "audio/pcma",
  intervals: [[32, 2], [16, 4], [16, 8], [16, 16], [16, 32], [16, 64], [16, 128]],
  unit: 8,
  positive: (n) => (0x80 + n) ^ 0x55,
  negative: (n) => n ^ 0x55,
};

/** Table 2/G.711: µ-law, 15 segments, all bits inverted. */
const MU_LAW: Table = {
  format: "audio/pcmu",
  intervals: [[1, 1], [15, 2], [16, 4], [16, 8], [16, 16], [16, 32], [16, 64], [16, 128], [16, 256]],
  unit: 4,
  positive: (n) => 0xff - n,
  negative: (n) => 0x7f - n,
};

/** The 128 intervals of a table in 16-bit steps: where each begins and ends, and the value that it stands for. */
function intervalsOf(table: Table): { from: number; to: number; value: number }[] {
  const rows: { from: number; to: number; value: number }[] = [];
  let from = 0;
  for (const [count, width] of table.intervals) {
    for (let i = 0; i < count; i++) {
      const to = from + width * table.unit;
      // The first interval of µ-law is half of one that lies around 0, and stands for 0.
      const value = width === 1 ? 0 : (from + to) / 2;
      rows.push({ from, to, value });
      from = to;
    }
  }
  return rows;
}

for (const table of [MU_LAW, A_LAW]) {
  const rows = intervalsOf(table);

  Deno.test(`decodeG711() agrees with the ITU's table for every code: ${table.format}`, () => {
    assertEquals(rows.length, 128);
    for (const [n, { value }] of rows.entries()) {
      const codes = new Uint8Array([table.positive(n), table.negative(n)]);
      assertEquals([...decodeG711(codes, table.format)], [value, value === 0 ? 0 : -value]);
    }
  });

  Deno.test(`encodeG711() agrees with the ITU's table for every 16-bit sample: ${table.format}`, () => {
    const expected = new Map<number, number>();
    for (const [n, { from, to }] of rows.entries()) {
      // On the way up a decision level belongs to the interval above it, for negative values too.
      for (let value = from; value < to; value++) expected.set(value, table.positive(n));
      for (let value = from + 1; value <= to; value++) expected.set(-value, table.negative(n));
    }
    const samples = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
    const codes = encodeG711(samples, table.format);
    for (const [i, sample] of samples.entries()) {
      const loudest = sample > 0 ? table.positive(127) : table.negative(127);
      if (codes[i] !== (expected.get(sample) ?? loudest)) {
        assertEquals([sample, codes[i]], [sample, expected.get(sample)]);
      }
    }
  });

  Deno.test(`encodeG711() restores every decoded code except negative zero: ${table.format}`, () => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
    const again = encodeG711(decodeG711(codes, table.format), table.format);
    assertEquals(again, codes.map((code) => code === 0x7f && table === MU_LAW ? 0xff : code));
  });
}

for (const format of ["audio/pcmu", "audio/pcma"] as const) {
  Deno.test(`encodeG711Stream() accepts bytes split anywhere, and samples: ${format}`, async () => {
    const bytes = randomBytes(1000, 11);
    const expected = encodeG711(toInt16(bytes), format);
    assertEquals(join(await through(cut(bytes, 7, 11), encodeG711Stream(format))), expected);
    assertEquals(join(await through([toInt16(bytes)], encodeG711Stream(format))), expected);
  });

  Deno.test(`decodeG711Stream() returns PCM16 bytes: ${format}`, async () => {
    const bytes = randomBytes(1000, 12);
    const pcm = join(await through(cut(bytes, 7, 12), decodeG711Stream(format)));
    assertEquals(pcm, toBytes(decodeG711(bytes, format)));
  });
}

Deno.test("encodeG711() and decodeG711() reject other formats, and their streams do so at creation", () => {
  const format = "audio/pcm" as G711Encoding;
  assertThrows(() => encodeG711(new Int16Array(1), format), TypeError, "current value is audio/pcm");
  assertThrows(() => decodeG711(new Uint8Array(1), format), TypeError, "current value is audio/pcm");
  assertThrows(() => encodeG711Stream(format), TypeError, "current value is audio/pcm");
  assertThrows(() => decodeG711Stream(format), TypeError, "current value is audio/pcm");
});
