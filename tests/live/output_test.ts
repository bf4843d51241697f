import { assert, assertEquals } from "@std/assert";
import { connectRig, eventsOf } from "./_live.ts";

/** A piece of the model's track, as the server sends it. */
const delta = (bytes: Uint8Array<ArrayBuffer>) =>
  JSON.stringify({ type: "session.output_audio.delta", delta: bytes.toBase64() });

Deno.test("output that is not base64 is skipped and reported, and the track continues", async () => {
  const { clock, server, session, settle, told } = await connectRig({ keeper: false });
  const read: number[][] = [];
  const piping = session.pipe({ to: (bytes) => void read.push([...bytes]) });
  server.send(delta(Uint8Array.of(1, 2, 3, 4)));
  server.send(`{"type":"session.output_audio.delta","delta":"!!!"}`);
  server.send(`{"type":"session.output_audio.delta","delta":""}`);
  server.send(delta(Uint8Array.of(5, 6)));
  await clock.advance(10);
  await settle(session.close());
  assertEquals([await piping, read], [{}, [[1, 2, 3, 4], [5, 6]]]);
  const [{ context, error } = { context: "", error: undefined }] = eventsOf(told, "failure");
  assertEquals([context, error instanceof SyntaxError], ["output audio", true]);
});

Deno.test("the track arrives in whole samples although the server splits them, and in bytes for μ-law", async () => {
  for (
    const [format, wanted] of [
      [{ type: "audio/pcm", rate: 24_000 }, [[1, 2], [3, 4, 5, 6], [7, 8]]],
      [{ type: "audio/pcmu", rate: 8_000 }, [[1, 2, 3], [4, 5, 6], [7, 8]]],
    ] as const
  ) {
    const { clock, server, session, settle } = await connectRig({ format, keeper: false });
    const read: number[][] = [];
    void session.pipe({ to: (bytes) => void read.push([...bytes]) });
    for (const bytes of [[1, 2, 3], [4, 5, 6], [7, 8]]) server.send(delta(Uint8Array.from(bytes)));
    await clock.advance(10);
    await settle(session.close());
    assertEquals(read, wanted.map((bytes) => [...bytes]), format.type);
  }
});

Deno.test("a dropped piece that ends within a sample does not shift the following ones", async () => {
  const { clock, server, session, settle } = await connectRig({ keeper: false });
  // The sample 1 for ten seconds, of which nothing is read: the first piece is dropped.
  const track = new Uint8Array(480_002).map((_, at) => 1 - at % 2);
  for (const [start, end] of [[0, 3], [3, 48_002], [48_002, 480_002]]) server.send(delta(track.slice(start, end)));
  await clock.advance(10);
  const read: number[][] = [];
  const piping = session.pipe({ to: (bytes) => void read.push([...bytes.slice(0, 2), bytes.length]) });
  await clock.advance(10);
  await settle(session.close());
  await piping;
  assertEquals(read, [[1, 0, 48_000], [1, 0, 432_000]]);
});

Deno.test("a cancelled output does not stop the model's speech", async () => {
  const { clock, session, settle, told } = await connectRig();
  const reader = session.output.getReader();
  await settle(session.say("This is a long sentence to be heard."));
  await clock.advance(1_000);
  assert(session.isSpeaking);
  await reader.cancel();
  await clock.advance(1_000);
  const speech = () => told.map(({ type }) => type).filter((type) => type.startsWith("speech_"));
  assertEquals([session.isSpeaking, speech()], [true, ["speech_started"]]);
  await settle(session.close());
  assertEquals(speech(), ["speech_started", "speech_stopped"]);
});

Deno.test("an unknown output format is treated as 24 kHz PCM16", async () => {
  const { clock, session, settle } = await connectRig({}, {}, (dial) => async (request) => {
    const socket = await dial(request);
    const odd = (data: string | Uint8Array) =>
      String(data).replace(/"format":\{[^}]*\}/, `"format":{"type":"audio/opus"}`);
    return {
      ...{ send: (data: string) => socket.send(data), close: (code?: number) => socket.close(code), bufferedAmount: 0 },
      listen: ({ close, message }) => socket.listen({ close, message: (data) => message(odd(data)) }),
    };
  });
  const lengths = new Set<number>();
  void session.pipe({ to: ({ length }) => void lengths.add(length) });
  await clock.advance(1_000);
  assertEquals([[...lengths], session.inputClock.sentMs], [[4_800], 800]);
  await settle(session.close());
});
