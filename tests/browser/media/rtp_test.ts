import { assert, assertEquals } from "@std/assert";
import { JitterBuffer } from "../../../examples/simulator/media/jitter_buffer.ts";
import { offeredAudio } from "../../../examples/simulator/media/offer.ts";
import { formatRtp, parseRtp, type RtpPacket, RtpWriter } from "../../../examples/simulator/media/rtp.ts";
import { SilenceFiller } from "../../../examples/simulator/media/silence_filler.ts";

const PACKET: RtpPacket = {
  payloadType: 111,
  marker: true,
  sequence: 65_535,
  timestamp: 2 ** 32 - 1,
  ssrc: 0xdeadbeef,
  payload: Uint8Array.of(1, 2, 3),
};

Deno.test("parseRtp() reads packets of formatRtp(), and skips extensions, sources and padding", () => {
  assertEquals(parseRtp(formatRtp(PACKET)), PACKET);
  const plain = formatRtp(PACKET);
  // Two sources, an extension of one word, three bytes of padding.
  const full = Uint8Array.of(
    0xb2,
    ...plain.slice(1, 12),
    ...new Uint8Array(8),
    0xbe,
    0xde,
    0,
    1,
    9,
    9,
    9,
    9,
    1,
    2,
    3,
    0,
    0,
    3,
  );
  assertEquals(parseRtp(full), PACKET);
});

Deno.test("parseRtp() rejects RTCP, short packets and wrong lengths", () => {
  const packet = formatRtp(PACKET);
  assertEquals(parseRtp(Uint8Array.of(0x80, 200, ...packet.slice(2))), undefined);
  assertEquals(parseRtp(packet.slice(0, 11)), undefined);
  assertEquals(parseRtp(Uint8Array.of(0x40, ...packet.slice(1))), undefined);
  assertEquals(parseRtp(Uint8Array.of(0x8f, ...packet.slice(1))), undefined);
  assertEquals(parseRtp(Uint8Array.of(0x90, ...packet.slice(1, 12))), undefined);
  assertEquals(parseRtp(Uint8Array.of(0xa0, ...packet.slice(1, 14), 200)), undefined);
});

Deno.test("RtpWriter wraps its counters, marks each talk spurt, and advances the timestamp between them", () => {
  const writer = new RtpWriter({ payloadType: 111, ssrc: 1, sequence: 65_534, timestamp: 2 ** 32 - 960 });
  const at = (ms: number) => parseRtp(writer.write(Uint8Array.of(1), ms))!;
  const packets = [at(0), at(20), at(45), at(45), at(1000), at(1019)];
  assertEquals(packets.map(({ sequence }) => sequence), [65_534, 65_535, 0, 1, 2, 3]);
  assertEquals(packets.map(({ marker }) => marker), [true, false, false, false, true, false]);
  assertEquals(packets.map(({ timestamp }) => timestamp), [2 ** 32 - 960, 0, 960, 1920, 48_000 - 960, 48_000]);
});

function numbered(sequence: number, ssrc = 1): RtpPacket {
  return { ...PACKET, sequence: sequence & 0xffff, ssrc, payload: Uint8Array.of(sequence & 0xff) };
}

function play(sequences: readonly number[]): (number | "lost")[] {
  const buffer = new JitterBuffer();
  return sequences.flatMap((sequence) => buffer.push(numbered(sequence)))
    .map((frame) => frame === "lost" ? frame : frame[0]!);
}

Deno.test("JitterBuffer orders packets, drops duplicates and late ones, and detects losses", () => {
  assertEquals(play([1, 2, 3]), [1, 2, 3]);
  assertEquals(play([1, 3, 2, 4]), [1, 2, 3, 4]);
  assertEquals(play([1, 2, 2, 1, 3]), [1, 2, 3]);
  assertEquals(play([1, 3, 4, 5, 6, 7]), [1, "lost", 3, 4, 5, 6, 7]);
  assertEquals(play([1, 3, 4, 5, 6, 2, 7]), [1, "lost", 3, 4, 5, 6, 7]);
  assertEquals(play([65_534, 65_535, 1, 0, 2]), [254, 255, 0, 1, 2]);
});

Deno.test("JitterBuffer conceals five lost frames, skips more, and restarts with another source", () => {
  assertEquals(play([1, 7, 8, 9, 10]).filter((frame) => frame === "lost").length, 5);
  assertEquals(play([1, 8, 9, 10, 11]), [1, 8, 9, 10, 11]);
  assertEquals(play([1, 30_000, 30_001]), [1, 30_000 & 255, 30_001 & 255]);
  const buffer = new JitterBuffer();
  buffer.push(numbered(500));
  assertEquals(buffer.push(numbered(7, 2)), [Uint8Array.of(7)]);
});

Deno.test("JitterBuffer yields every frame at most once and in order, and holds at most four", () => {
  let seed = 7;
  const random = (below: number) => (seed = seed * 48_271 % 2_147_483_647) % below;
  for (let run = 0; run < 200; run++) {
    const sent = Array.from({ length: 60 }, (_, index) => index).filter(() => random(10) > 0)
      .map((sequence) => ({ sequence, at: sequence + random(4) })).sort((a, b) => a.at - b.at);
    const given = play(sent.flatMap(({ sequence }) => random(10) === 0 ? [sequence, sequence] : [sequence]));
    const heard = given.filter((frame) => frame !== "lost");
    assertEquals(heard, [...new Set(heard)].sort((a, b) => a - b));
    assert(sent.length - heard.length <= 20, `${sent.length} came, ${heard.length} were heard`);
  }
});

Deno.test("SilenceFiller is silent while audio arrives, and keeps the clock going otherwise", () => {
  const filler = new SilenceFiller(0);
  for (let ms = 20; ms <= 1000; ms += 20) {
    filler.arrived(ms);
    assertEquals(filler.due(ms + 10).length, 0);
  }
  // Nor in the pause of a page that is held up.
  for (let ms = 1020; ms < 2980; ms += 20) assertEquals(filler.due(ms).length, 0);
  assertEquals(filler.due(3000).length, 2000 * 24);
  assertEquals(filler.due(3020).length, 20 * 24);
  assertEquals(filler.due(3025.5).length + filler.due(3040).length, 20 * 24);
  filler.arrived(3050);
  assertEquals(filler.due(3070).length, 0);
});

Deno.test("A process that was held up inserts no silence before the packets that wait", () => {
  const filler = new SilenceFiller(0);
  filler.arrived(20);
  assertEquals(filler.due(40).length, 0);
  // Two seconds later the timer runs first, and the packets are read after it.
  assertEquals(filler.due(2040).length, 0);
  filler.arrived(2041);
  for (let ms = 2060; ms < 4040; ms += 20) assertEquals(filler.due(ms).length, 0);
  assertEquals(filler.due(4041).length, 2000 * 24);
});

Deno.test("offeredAudio() reads the destination of the audio, and requires Opus", () => {
  const offer = (lines: string) => `v=0\r\nm=application 9 X\r\na=mid:0\r\nm=audio 9 X 63 111\r\na=mid:1\r\n${lines}`;
  const opus = "a=rtpmap:111 opus/48000/2\r\n";
  assertEquals(offeredAudio(offer(opus)), { mid: "1", payloadType: 111, direction: "SendRecv" });
  assertEquals(offeredAudio(offer(`${opus}a=recvonly\r\n`))?.direction, "SendOnly");
  assertEquals(offeredAudio(offer(`${opus}a=sendonly\r\n`))?.direction, "RecvOnly");
  assertEquals(offeredAudio("v=0\r\nm=application 9 X\r\n"), undefined);
  let error: unknown;
  try {
    offeredAudio(offer("a=rtpmap:0 PCMU/8000\r\n"));
  } catch (caught) {
    error = caught;
  }
  assert(error instanceof TypeError && error.message.includes("opus/48000/2"));
});
