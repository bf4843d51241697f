import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConnectionError } from "@oai-rt/edge";
import { connectLiveWebRtc, type ConnectLiveWebRtcOptions, viaLiveApp } from "../../src/browser/mod.ts";
import { type LiveEvent, openLiveChannel } from "../../src/live/mod.ts";
import { createMemorySocketPair, createTransport } from "../../src/transport/mod.ts";
import { liveCodec } from "../../src/protocol/mod.ts";
import { createVirtualClock } from "../../src/simulator/mod.ts";
import { createLiveEdge, type LiveEdgeRig, type LiveEdgeRigOptions } from "../hono/live/_live_edge.ts";
import { WHOLE_OFFER } from "../hono/_edge.ts";
import { silence, tone } from "../simulator/_sound.ts";
import { FakeDevices, FakePeer, FakeTrack, streamOf } from "./_fakes.ts";

/** A page, whose peer connection leads to the simulator behind an edge app. */
function createPage(options: LiveEdgeRigOptions = {}) {
  const rig: LiveEdgeRig = createLiveEdge(options);
  const peer = new FakePeer();
  const track = new FakeTrack();
  const devices = new FakeDevices();
  devices.next = () => streamOf(track);
  peer.setLocalDescription = () => {
    peer.localDescription = { sdp: WHOLE_OFFER };
    return Promise.resolve();
  };
  const join = () => {
    const session = rig.simulator.liveSessions.at(-1)!;
    const server = session.openChannel();
    peer.channel.send = (message) => {
      peer.channel.sent.push(message);
      server.send(message);
    };
    peer.channel.close = () => {
      peer.channel.readyState = "closing";
      peer.channel.end();
      session.end("connection_lost");
    };
    peer.connect();
    server.listen({ message: (data) => peer.channel.receive(data), close: () => peer.channel.end() });
  };
  peer.onAnswer = join;
  const asked: string[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    asked.push(`${init.method} ${new URL(url).pathname}`);
    return await rig.app.request(new URL(url).pathname, {
      ...init,
      headers: { ...init.headers, cookie: "user=alice" },
    });
  };
  const connect = (more: Partial<ConnectLiveWebRtcOptions> = {}) =>
    connectLiveWebRtc({
      exchange: viaLiveApp("https://shop.example.com/", { fetch }),
      microphone: { mediaDevices: devices },
      createPeer: () => peer,
      output: null,
      clock: rig.clock,
      onUnhandled: () => {},
      ...more,
    });
  return { rig, peer, track, asked, connect, fetch };
}

Deno.test("connectLiveWebRtc() starts a session through the edge app, with the call's audio", async () => {
  const { asked, connect, peer, rig, track } = createPage({
    simulator: { live: { scenario: { turns: [{ user: "Hello.", says: "Good morning!" }] } } },
  });
  await using _ = rig;
  const session = await connect();
  const [server] = rig.simulator.liveSessions;
  assertEquals(asked, ["POST /live/sessions"]);
  assertEquals(session.id, server?.id);
  assertEquals(session.call.callId, server?.id);
  const turns: string[] = [];
  session.on("turn_done", ({ turn }) => turns.push(`${turn.role}: ${turn.text.trim()}`));
  server!.hear(tone(1_000));
  server!.hear(silence(5_000));
  await rig.clock.advance(16_000);
  assertEquals(turns, ["user: Hello.", "assistant: Good morning!"]);
  assertEquals(session.usage.seconds, 15);
  const types = new Set(peer.channel.sent.map((frame) => JSON.parse(frame).type));
  assertEquals([...types], [], "a track keeps the time: there is no keeper, and no session.start");
  assertEquals(session.inputClock.filledMs, 0);

  await session.mute();
  assertEquals([session.muted, track.enabled, server?.isMuted], [true, false, false]);
  await rig.settle(session.mute({ server: true }));
  assertEquals([track.enabled, server?.isMuted], [false, true]);
  await rig.settle(session.unmute());
  assertEquals([session.muted, track.enabled, server?.isMuted], [false, true, false]);

  const closing = session.close();
  const { reason } = await rig.settle(closing);
  assertEquals(reason, "close_requested");
  await rig.clock.advance(300);
  assertEquals([track.readyState, peer.closes > 0, peer.channel.onmessage], ["ended", true, null]);
  assertEquals(rig.simulator.liveSessions, []);
  await rig.settle(rig.app.close());
  assertEquals(rig.clock.pending, 0);
});

Deno.test("the end of a WebRTC session is confirmed if the policy lets session events pass", async () => {
  const data_channel = { allowed_client_events: "all", allowed_server_events: "all" } as const;
  const { connect, rig } = createPage({
    live: { session: { model: "gpt-live-1", client: { data_channel } } },
  });
  await using _ = rig;
  const session = await connect();
  await rig.clock.advance(0);
  assertEquals(session.config?.model, "gpt-live-1");
  const said = session.say("Good morning!");
  await rig.clock.advance(0);
  rig.simulator.liveSessions[0]!.hear(silence(1_000));
  await rig.settle(said);
  const { confirmed, reason } = await rig.settle(session.close());
  assertEquals([confirmed, reason], [true, "close_requested"]);
});

Deno.test("a WebRTC session neither accepts nor emits audio samples", async () => {
  const { connect, rig } = createPage();
  await using _ = rig;
  const session = await connect();
  const { fromError } = await rig.settle(session.pipe({ from: [tone(200)] }));
  assert(fromError instanceof TypeError, String(fromError));
  await rig.settle(session.close());
  assertEquals((await session.output.getReader().read()).done, true);
});

Deno.test("a failure before the session exists costs nothing, and leaves nothing behind", async () => {
  const { asked, connect, peer, rig, track } = createPage();
  await using _ = rig;
  await assertRejects(() => connect({ instructions: "Obey." } as never), TypeError, "there is no option instructions");
  await assertRejects(() => connect({ id: "live_1" } as never), TypeError, "there is no option id");
  await assertRejects(() => connect({ exchange: undefined as never }), TypeError, "viaLiveApp()");
  assertEquals([asked, peer.closes], [[], 0]);
  await assertRejects(
    () =>
      connect({
        exchange: viaLiveApp("https://shop.example.com/", {
          fetch: () => Promise.resolve(new Response("", { status: 403 })),
        }),
      }),
    ConnectionError,
    "refused with status 403",
  );
  assertEquals([track.readyState, peer.closes], ["ended", 1]);
});

Deno.test("a session whose connection is not established is ended at once", async () => {
  const { asked, connect, peer, rig } = createPage();
  await using _ = rig;
  peer.onAnswer = () => {};
  const connecting = connect({ timeoutMs: 5_000 });
  const failed = assertRejects(() => connecting, DOMException, "a firewall?");
  while (peer.answers.length === 0) await rig.clock.advance(0);
  await rig.settle(failed, 6_000);
  while (rig.simulator.liveSessions.length > 0) await rig.clock.advance(0);
  assertEquals(asked.map((path) => path.replace(/live_\w+/, "ID")), [
    "POST /live/sessions",
    "POST /live/sessions/ID/hangup",
  ]);
});

Deno.test("a session that is refused after its start is ended", async () => {
  const { asked, connect, rig, track } = createPage();
  await using _ = rig;
  await assertRejects(() => connect({ speechLevel: 2 }), RangeError, "speechLevel must be between 0 and 1");
  while (rig.simulator.liveSessions.length > 0) await rig.clock.advance(0);
  assertEquals(asked.length, 2);
  assertEquals(track.readyState, "ended");
});

Deno.test("openLiveChannel() detects the model's speech by its level unless speechLevel is false", async () => {
  for (const speechLevel of [undefined, 0.2, false] as const) {
    const clock = createVirtualClock();
    const [page, server] = createMemorySocketPair();
    server.listen({ message: () => {}, close: () => {} });
    let level = 0;
    const media = { muted: false, mute: () => {}, level: () => level };
    const transport = createTransport(page, { codec: liveCodec, clock });
    const session = await openLiveChannel(transport, media, { clock, speechLevel });
    const told: [string, number][] = [];
    session.on("*", (event: LiveEvent) => {
      if (event.type === "speech_started" || event.type === "speech_stopped") told.push([event.type, event.atMs]);
    });
    await clock.advance(500);
    level = 0.1;
    await clock.advance(1_000);
    level = 0;
    await clock.advance(200);
    level = 0.1;
    await clock.advance(50);
    level = 0;
    const wasSpeaking = session.isSpeaking;
    await clock.advance(1_000);
    const isHeard = speechLevel === undefined;
    assertEquals([wasSpeaking, session.isSpeaking], [isHeard, false]);
    assertEquals(told, isHeard ? [["speech_started", 550], ["speech_stopped", 1_750]] : []);
    server.close(1000);
    await clock.advance(0);
    await session.closed;
    assertEquals(clock.pending, 0);
  }
});

Deno.test("closing the page ends its session", async () => {
  const { asked, connect, rig } = createPage();
  await using _ = rig;
  const session = await connect();
  globalThis.dispatchEvent(new Event("pagehide"));
  const { reason } = await rig.settle(session.closed);
  assertEquals(reason, "connection_lost");
  while (rig.eventsOf("call_ended").length === 0) await rig.clock.advance(0);
  assertEquals(asked.length, 2);
});
