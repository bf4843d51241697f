import { assertEquals } from "@std/assert";
import { openSession } from "../../../src/session/mod.ts";
import { redactFrame, tapFrames, type TappedFrame } from "../../../src/session/tap_frames.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair } from "../../../src/transport/memory.ts";
import type { Dial, DialRequest, Socket } from "../../../src/transport/socket.ts";
import { createTransport } from "../../../src/transport/socket_transport.ts";

const REQUEST: DialRequest = {
  url: new URL("wss://fake.example/v1/realtime"),
  headers: new Headers(),
  protocols: [],
  signal: new AbortController().signal,
};

function pair(): { dial: Dial; server: Socket } {
  const [client, server] = createMemorySocketPair();
  return { dial: () => Promise.resolve(client), server };
}

Deno.test("tapFrames() reports frames in both directions with their time, and forwards them unchanged", async () => {
  const clock = createVirtualClock();
  const { dial, server } = pair();
  const seen: TappedFrame[] = [];
  const socket = await tapFrames(dial, (frame) => void seen.push(frame), { clock })(REQUEST);
  const arrived: unknown[] = [];
  socket.listen({ message: (frame) => arrived.push(frame), close: ({ code }) => arrived.push(code) });
  const sent: unknown[] = [];
  server.listen({ message: (frame) => sent.push(frame), close: () => {} });
  socket.send(`{"audio":"AAAA"}`);
  await clock.advance(250);
  server.send(`{"type":"x"}`);
  const binary = [new Uint8Array(3), new TextEncoder().encode(`{"audio":"AAAA"}`)];
  for (const frame of binary) server.send(frame as never);
  server.close(1001);
  await clock.advance(0);
  assertEquals(sent, [`{"audio":"AAAA"}`]);
  assertEquals(arrived, [`{"type":"x"}`, ...binary, 1001]);
  assertEquals(seen, [
    { atMs: 0, direction: "sent", frame: `{"audio":"(4 characters)"}` },
    { atMs: 250, direction: "received", frame: `{"type":"x"}` },
    { atMs: 250, direction: "received", frame: "(3 bytes)" },
    { atMs: 250, direction: "received", frame: `{"audio":"(4 characters)"}` },
  ]);
});

Deno.test("tapFrames() writes the exceptions of a tap to the console, and shows secrets if redact returns the frame unchanged", async () => {
  const { dial, server } = pair();
  const clock = createVirtualClock();
  const seen: string[] = [];
  const written: string[] = [];
  const { error } = console;
  console.error = (...values) => void written.push(values.join(" "));
  const tapped = tapFrames(dial, ({ frame }) => {
    // The first call rejects, later ones throw.
    if (seen.push(frame) === 1) return Promise.reject(new Error("Broken later"));
    throw new Error("Broken");
  }, { redact: (frame) => frame });
  const transport = createTransport(await tapped(REQUEST), { url: `${REQUEST.url}` });
  const opening = openSession(transport, { clock });
  server.listen({ message: () => server.send(`{"type":"session.updated","session":{}}`), close: () => {} });
  server.send(`{"type":"session.created","session":{"token":"abc"}}`);
  try {
    const session = await opening;
    assertEquals([seen.length, seen[0]], [3, `{"type":"session.created","session":{"token":"abc"}}`]);
    assertEquals(written.toSorted(), [
      "tapFrames(): Error: Broken",
      "tapFrames(): Error: Broken",
      "tapFrames(): Error: Broken later",
    ]);
    await session.close();
  } finally {
    console.error = error;
  }
});

Deno.test("redactFrame() removes audio, images and secrets, and keeps text", () => {
  const cases: readonly (readonly [unknown, unknown])[] = [
    [{ type: "response.output_audio.delta", delta: "AAAABBBB" }, {
      type: "response.output_audio.delta",
      delta: "(8 characters)",
    }],
    [{ type: "response.output_text.delta", delta: "Hello" }, { type: "response.output_text.delta", delta: "Hello" }],
    [{ type: "input_audio_buffer.append", audio: "" }, { type: "input_audio_buffer.append", audio: "" }],
    [{ audio: { input: {} }, text: "audio" }, { audio: { input: {} }, text: "audio" }],
    [
      { content: [{ image_url: "data:image/png;base64,AAAA" }, { image_url: "https://a.example/b.png" }] },
      { content: [{ image_url: "(26 characters)" }, { image_url: "https://a.example/b.png" }] },
    ],
    [{ server_url: "x", authorization: 'Bearer "a"' }, { server_url: "x", authorization: "…" }],
    [
      { "X-Api-Key": "a", "x-auth-token": "b", "X-Trace": "c", input_tokens: 7 },
      { "X-Api-Key": "…", "x-auth-token": "…", "X-Trace": "c", input_tokens: 7 },
    ],
    [
      {
        headers: { "X-Customer": 'a "}" b', "X-Trace": "c" },
        arguments: '{"headers":{"a":"b"}}',
        server_label: "docs",
      },
      { headers: "…", arguments: '{"headers":{"a":"b"}}', server_label: "docs" },
    ],
    [{ instructions: "Use sk-proj-abcdef123456 and ek_0123456789" }, { instructions: "Use sk-… and ek-…" }],
    [{ instructions: "a task-based risk" }, { instructions: "a task-based risk" }],
  ];
  for (const [frame, expected] of cases) assertEquals(JSON.parse(redactFrame(JSON.stringify(frame))), expected);
  assertEquals(redactFrame("no JSON with sk-abcdefghijk"), "no JSON with sk-…");
});
