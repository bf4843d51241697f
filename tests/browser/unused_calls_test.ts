// A call that the server has started but the page does not use is hung up: it would count as one of the user's calls.
import { assertEquals, assertRejects } from "@std/assert";
import { ConnectionError } from "@oai-rt/edge";
import { createVirtualClock } from "@oai-rt/edge/simulator";
import { connectVoiceWebRtc, connectWebRtc, type SdpAnswer, type WebRtcOptions } from "../../src/browser/mod.ts";
import { FakePeer } from "./_fakes.ts";

function setting(options: Partial<WebRtcOptions> = {}) {
  const peer = new FakePeer();
  const clock = createVirtualClock();
  let hangUps = 0;
  const answer: SdpAnswer = {
    sdp: "v=0\r\nanswer",
    callId: "rtc_1",
    url: "https://app/calls",
    hangUp: () => Promise.resolve(void hangUps++),
  };
  const dial = {
    exchange: () => Promise.resolve(answer),
    microphone: null,
    output: null,
    createPeer: () => peer,
    clock,
    ...options,
  };
  return { answer, clock, dial, peer, hangUps: () => hangUps };
}

Deno.test("A call whose answer the browser rejects is hung up, and the promise rejects", async () => {
  const { dial, hangUps, peer } = setting();
  const cause = new DOMException("Failed to parse SessionDescription", "OperationError");
  peer.setRemoteDescription = () => Promise.reject(cause);
  const error = await assertRejects(() => connectWebRtc(dial), ConnectionError, "rejects the SDP");
  assertEquals([error.kind, error.cause, error.url], ["refused", cause, "https://app/calls"]);
  assertEquals([hangUps(), peer.closes], [1, 1]);
});

Deno.test("A call that does not connect or is aborted meanwhile is hung up once", async () => {
  const slow = setting({ timeoutMs: 1000 });
  slow.peer.onAnswer = () => {};
  const timedOut = assertRejects(() => connectWebRtc(slow.dial), DOMException);
  await slow.clock.advance(1000);
  assertEquals([(await timedOut).name, slow.hangUps()], ["TimeoutError", 1]);

  const controller = new AbortController();
  const aborted = setting({ signal: controller.signal });
  aborted.peer.onAnswer = () => controller.abort();
  await assertRejects(() => connectWebRtc(aborted.dial), DOMException);
  await aborted.clock.advance(0);
  assertEquals(aborted.hangUps(), 1);

  const failed = setting();
  failed.peer.onAnswer = () => failed.peer.become("failed");
  await assertRejects(() => connectWebRtc(failed.dial), ConnectionError);
  await failed.clock.advance(0);
  assertEquals(failed.hangUps(), 1);
});

Deno.test("A call that is answered after the page has timed out is hung up", async () => {
  const { promise, resolve } = Promise.withResolvers<SdpAnswer>();
  const { answer, clock, dial, hangUps } = setting({ exchange: () => promise, timeoutMs: 1000 });
  const timedOut = assertRejects(() => connectWebRtc(dial), DOMException);
  await clock.advance(1000);
  await timedOut;
  assertEquals(hangUps(), 0);
  resolve(answer);
  await clock.advance(0);
  assertEquals(hangUps(), 1);
});

Deno.test("A call is hung up once, whichever way it ends: an app that does not watch it would count it for an hour", async () => {
  const silent = setting({ timeoutMs: 1000 });
  const opening = assertRejects(() => connectVoiceWebRtc(silent.dial), DOMException);
  await silent.clock.advance(1000);
  await opening;
  assertEquals(silent.hangUps(), 1);

  const ends: [(peer: FakePeer) => void, number][] = [
    [(peer) => peer.become("failed"), 1006],
    [() => dispatchEvent(new Event("pagehide")), 1001],
    [(peer) => peer.channel.end(), 1005],
  ];
  for (const [end, code] of ends) {
    const given = setting();
    const transport = await connectWebRtc(given.dial);
    end(given.peer);
    assertEquals([(await transport.closed).code, given.hangUps()], [code, 1]);
  }
  const closed = setting();
  const transport = await connectWebRtc(closed.dial);
  const closing = transport.close();
  closed.peer.channel.end();
  assertEquals([(await closing).code, closed.hangUps()], [1000, 1]);
});
