import { assertEquals } from "@std/assert";
import { measureCall } from "../../src/browser/call_stats.ts";
import type { StatsLike } from "../../src/browser/mod.ts";

const measure = (...reports: StatsLike[]) =>
  measureCall({ getStats: () => Promise.resolve(new Map(reports.map((report, index) => [String(index), report]))) });

const AUDIO: readonly StatsLike[] = [
  { type: "inbound-rtp", kind: "video", packetsReceived: 1 },
  {
    type: "inbound-rtp",
    kind: "audio",
    packetsReceived: 100,
    packetsLost: 2,
    bytesReceived: 5000,
    jitter: 0.004,
    jitterBufferDelay: 96,
    jitterBufferEmittedCount: 2400,
  },
  { type: "outbound-rtp", kind: "audio", packetsSent: 90, bytesSent: 4000 },
  { type: "media-source", kind: "audio", packetsSent: 7 },
];

Deno.test("measureCall() reads the audio statistics, and omits those that the browser does not report", async () => {
  const stats = {
    roundTripMs: 12,
    jitterMs: 4,
    bufferMs: 40,
    packetsReceived: 100,
    packetsLost: 2,
    packetsSent: 90,
    bytesReceived: 5000,
    bytesSent: 4000,
  };
  const pair = { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.012 };
  assertEquals(await measure(...AUDIO, pair), stats);
  const selected = { type: "candidate-pair", selected: true, currentRoundTripTime: 0.012 };
  assertEquals(await measure(selected, ...AUDIO, { type: "candidate-pair", currentRoundTripTime: 9 }), stats);
  assertEquals(await measure(), {
    roundTripMs: undefined,
    jitterMs: undefined,
    bufferMs: undefined,
    packetsReceived: 0,
    packetsLost: 0,
    packetsSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
  });
});

Deno.test("measureCall() reads the active path, not an abandoned one", async () => {
  const pair = (lastPacketReceivedTimestamp: number, currentRoundTripTime: number) => ({
    type: "candidate-pair",
    nominated: true,
    lastPacketReceivedTimestamp,
    currentRoundTripTime,
  });
  const [left, used] = [pair(1000, 0.5), pair(2000, 0.02)];
  assertEquals((await measure(left, used)).roundTripMs, 20);
  assertEquals((await measure(used, left)).roundTripMs, 20);
});
