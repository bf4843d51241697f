import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createSimulator, denoUpgrade } from "../../src/simulator/mod.ts";
import { saying, tone } from "../voice/_conversation.ts";
import { MediaStreamPeer } from "./_media_stream_peer.ts";
import { TELEPHONES } from "./_telephony_hosts.ts";
import { twilioSign } from "./_twilio_sign.ts";

const TOKEN = "a token of the account";
const KEY = "sk-canary-of-the-telephone";

/** The API: tells a long story, and keeps received events. */
function startApi() {
  const frames: Record<string, unknown>[] = [];
  let wake = (): void => {};
  const simulator = createSimulator({
    ...saying({ outputs: [{ type: "message", text: "A long story.", audio: tone(9010) }] }),
    pace: "fast",
    upgrade: denoUpgrade(Deno.upgradeWebSocket),
    onFrame: ({ data, from }) => {
      frames.push({ from, ...JSON.parse(String(data)) });
      wake();
    },
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => simulator.fetch(request));
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    async seen(type: string): Promise<Record<string, unknown>> {
      while (true) {
        const frame = frames.find((frame) => frame.type === type);
        if (frame) return frame;
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
    errors: () => frames.filter(({ type }) => type === "error"),
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await server.shutdown();
    },
  };
}

/** Twilio opens a stream to the address that the app has named. */
async function dial(url: string, stream: string, signed = stream): Promise<MediaStreamPeer> {
  const headers = { "x-twilio-signature": await twilioSign(signed, TOKEN) };
  const peer = new MediaStreamPeer(
    new WebSocket(`${url.replace("http:", "ws:")}${new URL(stream).pathname}`, { headers }),
  );
  await peer.start();
  return peer;
}

/** Rings, and resolves with the address of the stream that answers. */
async function ring(url: string): Promise<string> {
  const signature = await twilioSign("https://calls.example/incomingCallSidCA1", TOKEN);
  const headers = { "x-twilio-signature": signature };
  const answer = await fetch(`${url}/incoming`, { method: "POST", headers, body: new URLSearchParams("CallSid=CA1") });
  assertEquals(answer.status, 200);
  return /<Stream url="(.*)"\/>/.exec(await answer.text())![1]!;
}

/** Listens until so much of an item was played; resolves with its id, how much it was, and the sizes of the frames. */
async function listen(peer: MediaStreamPeer, ms: number) {
  const sizes: number[] = [];
  while (true) {
    const { event, name, bytes } = await peer.next();
    if (event === "media") sizes.push(bytes);
    if (event !== "mark") continue;
    peer.returnMark(name);
    const [itemId = "", playedMs] = name.split(" ");
    if (Number(playedMs) >= ms) return { itemId, playedMs: Number(playedMs), sizes };
  }
}

/** Resolves with the marks that had arrived when the bridge cleared the unplayed audio. */
async function cleared(peer: MediaStreamPeer): Promise<string[]> {
  const marks: string[] = [];
  while (true) {
    const { event, name } = await peer.next();
    if (event === "mark") marks.push(name);
    if (event === "clear") return marks;
  }
}

for (const [runtime, start] of Object.entries(TELEPHONES)) {
  Deno.test(`the telephone answers, is interrupted and hung up on ${runtime}`, async () => {
    await using api = startApi();
    const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: api.url, TWILIO_AUTH_TOKEN: TOKEN };
    await using host = await start({ ...env, PUBLIC_URL: "https://calls.example" });
    const stream = await ring(host.url);
    assertMatch(stream, /^wss:\/\/calls\.example\/media\/[\da-f-]{36}$/);
    await assertRejects(() => dial(host.url, stream, "wss://other.example/media"));
    const peer = await dial(host.url, stream);
    await assertRejects(() => dial(host.url, stream));

    peer.speak(500);
    peer.pause(1000);
    const { itemId, playedMs, sizes } = await listen(peer, 1000);
    assertEquals(sizes, Array(playedMs / 20).fill(160));
    peer.speak(300);
    const unplayed = await cleared(peer);
    for (const mark of unplayed) peer.returnMark(mark);
    assert(unplayed.length > 0 && unplayed.every((mark) => mark.startsWith(itemId)));
    const truncate = await api.seen("conversation.item.truncate");
    assertEquals([truncate.item_id, truncate.audio_end_ms], [itemId, playedMs]);
    await api.seen("conversation.item.truncated");

    peer.pause(1000);
    const next = await listen(peer, 9010);
    assert(next.itemId !== itemId);
    // The end of an item is not a whole frame.
    assertEquals([next.sizes.length, next.sizes.at(-1)], [451, 80]);
    peer.hangUp();
    await peer.closed;
    assertEquals(api.errors(), []);
    assertEquals(host.output.includes(KEY) || host.output.includes(TOKEN), false);
  });
}
