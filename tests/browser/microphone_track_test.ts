import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createVirtualClock } from "@oai-rt/edge/simulator";
import { connectWebRtc, MicrophoneError, MicrophoneTrack, openMicrophone } from "../../src/browser/mod.ts";
import type { MediaStreamLike } from "../../src/browser/mod.ts";
import { FakeContext, FakeDevices, FakePeer, FakeTrack, streamOf } from "./_fakes.ts";

/** A device that opens when the test wants. */
function slow(devices: FakeDevices, label: string) {
  const { promise, reject, resolve } = Promise.withResolvers<MediaStreamLike>();
  const track = new FakeTrack(label);
  devices.next = () => promise;
  return { track, reject, open: () => resolve(streamOf(track)) };
}

Deno.test("The later of two device changes wins, whichever device opens first", async () => {
  for (const order of ["earlier first", "later first"]) {
    const devices = new FakeDevices();
    const microphone = await MicrophoneTrack.open({ mediaDevices: devices });
    const first = microphone.track as FakeTrack;
    const changes: string[] = [];
    microphone.on("changed", ({ track }) => changes.push(track.label));
    const b = slow(devices, "B");
    const toB = microphone.switchTo("B");
    const c = slow(devices, "C");
    const toC = microphone.switchTo("C");
    for (const { open } of order === "earlier first" ? [b, c] : [c, b]) {
      open();
      await new Promise((resolve) => setTimeout(resolve));
    }
    await Promise.all([toB, toC]);
    assertEquals([microphone.label, changes], ["C", ["C"]], order);
    assertEquals([first, b.track, c.track].map(({ readyState }) => readyState), ["ended", "ended", "live"], order);
    assertEquals([first, b.track, c.track].map(({ listeners }) => listeners), [0, 0, 1], order);
  }
});

Deno.test("A device chosen while a lost one is replaced is used, and no loss is reported", async () => {
  for (const isReplaced of [true, false]) {
    const devices = new FakeDevices();
    const microphone = await MicrophoneTrack.open({ mediaDevices: devices });
    const events: string[] = [];
    microphone.on("changed", ({ track }) => events.push(track.label));
    microphone.on("lost", () => events.push("lost"));
    const replacement = slow(devices, "default");
    (microphone.track as FakeTrack).pull();
    devices.next = () => streamOf(new FakeTrack("chosen"));
    await microphone.switchTo("chosen");
    if (isReplaced) replacement.open();
    else replacement.reject(new DOMException("", "NotFoundError"));
    await new Promise((resolve) => setTimeout(resolve));
    assertEquals([microphone.label, events], ["chosen", ["chosen"]]);
    if (isReplaced) assertEquals(replacement.track.readyState, "ended");
  }
});

Deno.test("An ended track is rejected before anything is dialled", async () => {
  const ended = new FakeTrack();
  ended.stop();
  const stopped = await MicrophoneTrack.open({ mediaDevices: new FakeDevices() });
  stopped.stop();
  assertThrows(() => MicrophoneTrack.borrow(ended), MicrophoneError, "stopped");
  const dialled: string[] = [];
  for (const microphone of [ended, streamOf(ended), stopped]) {
    const dial = () =>
      connectWebRtc({
        microphone,
        exchange: (offer) => {
          dialled.push(offer);
          return Promise.reject(new Error("dialled"));
        },
        createPeer: () => new FakePeer(),
      });
    assertEquals((await assertRejects(dial, MicrophoneError)).code, "lost");
  }
  const audioContext = new FakeContext();
  await assertRejects(() => openMicrophone({ source: ended, audioContext }), MicrophoneError);
  assertEquals([dialled, audioContext.loaded], [[], []]);
});

Deno.test("The signal of the first prompt does not keep a microphone from another device later", async () => {
  const opening = new AbortController();
  const devices = new FakeDevices();
  const microphone = await MicrophoneTrack.open({ mediaDevices: devices, signal: opening.signal });
  const events: string[] = [];
  microphone.on("changed", ({ track }) => events.push(track.label));
  microphone.on("lost", () => events.push("lost"));
  opening.abort();
  devices.next = () => streamOf(new FakeTrack("chosen"));
  await microphone.switchTo("chosen");
  devices.next = () => streamOf(new FakeTrack("default"));
  (microphone.track as FakeTrack).pull();
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(events, ["chosen", "default"]);
});

Deno.test("Devices that throw at once, or cannot be asked, are a MicrophoneError, and leave no timer", async () => {
  const clock = createVirtualClock();
  const throwing = new FakeDevices();
  throwing.getUserMedia = () => {
    throw new DOMException("", "NotAllowedError");
  };
  for (const [mediaDevices, code] of [[throwing, "not_allowed"], [{}, "unsupported"]] as const) {
    const open = () => MicrophoneTrack.open({ mediaDevices: mediaDevices as FakeDevices, clock });
    assertEquals((await assertRejects(open, MicrophoneError)).code, code);
  }
  // A timer left behind would cause an unhandled rejection.
  await clock.advance(60_000);
});
