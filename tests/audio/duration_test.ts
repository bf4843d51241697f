import { assertEquals, assertThrows } from "@std/assert";
import {
  type AudioEncoding,
  type AudioLayout,
  bytesPerFrame,
  bytesToMs,
  framesPerSecond,
  msToBytes,
} from "../../src/audio/duration.ts";

Deno.test("bytesToMs() and msToBytes() use 48 bytes per ms for PCM, and 8 for G.711", () => {
  assertEquals(bytesToMs(48), 1);
  assertEquals(msToBytes(1), 48);
  for (const format of ["audio/pcmu", "audio/pcma"] as const) {
    assertEquals(bytesToMs(8, { format }), 1);
    assertEquals(msToBytes(1, { format }), 8);
  }
});

Deno.test("bytesToMs() supports channels and sample rates", () => {
  assertEquals(bytesToMs(192_000, { sampleRate: 48_000, channels: 2 }), 1000);
  assertEquals(bytesToMs(44_100, { sampleRate: 44_100 }), 500);
  assertEquals(bytesToMs(16_000, { format: "audio/pcma", sampleRate: 16_000 }), 1000);
});

Deno.test("bytesToMs() is the exact quotient of whole frames", () => {
  assertEquals(bytesToMs(2), 1 / 24);
  assertEquals(bytesToMs(3), 1 / 24);
  assertEquals(bytesToMs(1), 0);
  assertEquals(bytesToMs(7, { channels: 2 }), 1 / 24);
  assertEquals(bytesToMs(2 * 22_051, { sampleRate: 22_050 }), 22_051_000 / 22_050);
  assertEquals(bytesToMs(3600 * 48_000 + 2), 3_600_000 + 1 / 24);
});

Deno.test("msToBytes() rounds to the nearest whole frame", () => {
  assertEquals(msToBytes(10, { sampleRate: 22_050 }), 2 * 221);
  assertEquals(msToBytes(1, { sampleRate: 22_050 }), 2 * 22);
  assertEquals(msToBytes(0.02), 0);
  assertEquals(msToBytes(0.03), 2);
  assertEquals(msToBytes(20, { sampleRate: 44_100, channels: 2 }), 4 * 882);
});

Deno.test("msToBytes() inverts bytesToMs() for every format and rate", () => {
  const layouts: AudioLayout[] = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]
    .flatMap((sampleRate) => [1, 2, 3].map((channels) => ({ sampleRate, channels })));
  layouts.push({ format: "audio/pcmu" }, { format: "audio/pcma" });
  for (const layout of layouts) {
    const frame = bytesPerFrame(layout);
    for (const frames of [0, 1, 2, 3, 147, 999, 86_399_999, 158_760_001]) {
      assertEquals(msToBytes(bytesToMs(frames * frame, layout), layout), frames * frame);
    }
  }
});

Deno.test("bytesPerFrame() and framesPerSecond() return the defaults of each format", () => {
  assertEquals([bytesPerFrame(), framesPerSecond()], [2, 24_000]);
  assertEquals([bytesPerFrame({ format: "audio/pcmu" }), framesPerSecond({ format: "audio/pcmu" })], [1, 8_000]);
  assertEquals(bytesPerFrame({ channels: 6 }), 12);
  assertEquals(framesPerSecond({ sampleRate: undefined }), 24_000);
});

Deno.test("bytesToMs() and msToBytes() reject invalid arguments", () => {
  for (const bytes of [-1, 0.5, NaN, Infinity]) assertThrows(() => bytesToMs(bytes), RangeError, `${bytes}`);
  for (const ms of [-0.1, NaN, Infinity]) assertThrows(() => msToBytes(ms), RangeError, `${ms}`);
  for (const channels of [0, -1, 1.5, NaN]) assertThrows(() => bytesToMs(0, { channels }), RangeError, "channels");
  for (const sampleRate of [0, -8000, NaN, Infinity]) {
    assertThrows(() => msToBytes(1, { sampleRate }), RangeError, "sampleRate");
  }
  assertThrows(() => bytesToMs(0, { format: "pcm16" as AudioEncoding }), TypeError, "it is pcm16");
});
