import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { createVirtualClock } from "@oai-rt/edge/simulator";
import {
  connectLiveWebRtc,
  connectVoiceWebRtc,
  connectWebRtc,
  MicrophoneError,
  openMicrophone,
  openSpeaker,
  type SpokenPiece,
  startCall,
} from "../../src/browser/mod.ts";
import { testWithGlobals } from "./_globals.ts";
import { FakeContext, FakeDevices, FakePeer, FakeTrack, FakeWorkletNode, streamOf } from "./_fakes.ts";

/** Registers a test in a page with an audio thread. */
const test = (name: string, run: () => Promise<void>) =>
  testWithGlobals({ AudioWorkletNode: FakeWorkletNode }, name, run);

function microphoneSetting() {
  const devices = new FakeDevices();
  const track = new FakeTrack();
  devices.next = () => streamOf(track);
  const context = new FakeContext(48_000);
  const clock = createVirtualClock();
  const open = (options: object = {}) =>
    openMicrophone({ mediaDevices: devices, audioContext: context, clock, ...options });
  const node = () => FakeWorkletNode.made.at(-1)!;
  const speak = (level = 0.5) => node().say({ samples: new Int16Array(480).fill(7), level });
  return { devices, track, context, clock, open, node, speak };
}

test("openMicrophone() streams the samples of the audio thread, with level, mute, settings and device", async () => {
  const { context, devices, node, open, speak, track } = microphoneSetting();
  const microphone = await open();
  const reader = microphone.getReader();
  speak(0.25);
  assertEquals((await reader.read()).value?.length, 480);
  assertEquals(microphone.level, 0.25);
  microphone.mute();
  assertEquals([track.enabled, microphone.muted], [false, true]);
  const second = new FakeTrack("second");
  devices.next = () => streamOf(second);
  await microphone.switchTo("second");
  assertEquals([track.readyState, second.enabled, microphone.label], ["ended", false, "second"]);
  assertEquals(context.sources.map(({ isConnected }) => isConnected), [false, true]);
  microphone.stop();
  assertEquals((await reader.read()).done, true);
  assertEquals([second.readyState, node().isConnected, node().port.isClosed, context.closes], [
    "ended",
    false,
    true,
    0,
  ]);
  microphone.stop();
});

test("openMicrophone() errors when its device is lost without a replacement, and drops unread audio", async () => {
  const lost = microphoneSetting();
  const microphone = await lost.open();
  lost.devices.next = () => Promise.reject(new DOMException("", "NotFoundError"));
  lost.track.pull();
  const error = await assertRejects(() => microphone.getReader().read(), MicrophoneError);
  assertEquals(error.code, "lost");

  const unread = microphoneSetting();
  const second = await unread.open();
  for (let i = 0; i < 550; i++) unread.speak();
  assertEquals(second.droppedMs, 1000);
  await second.cancel();
  assertEquals(unread.track.readyState, "ended");
  // Late messages of the audio thread are ignored.
  unread.speak();
});

test("openMicrophone() errors when its context cannot record from the next device, and releases it", async () => {
  const { context, devices, node, open } = microphoneSetting();
  const microphone = await open();
  const reading = assertRejects(() => microphone.getReader().read(), MicrophoneError);
  const second = new FakeTrack("second");
  devices.next = () => streamOf(second);
  const cause = new DOMException("another sample rate", "NotSupportedError");
  context.createMediaStreamSource = () => {
    throw cause;
  };
  await microphone.switchTo("second");
  const error = await reading;
  assertEquals([error.code, error.cause], ["unsupported", cause]);
  assertEquals([second.readyState, node().isConnected, context.closes], ["ended", false, 0]);
});

test("The worklet is loaded from workletUrl, the module or its folder, and a blocked load names CSP", async () => {
  const forbidden = microphoneSetting();
  forbidden.context.refuses = () => true;
  const error = await assertRejects(() => forbidden.open({ workletUrl: "/mine.js" }), TypeError);
  assertMatch(error.message, /Content-Security-Policy.*workletUrl/);
  assertEquals(forbidden.context.loaded, ["/mine.js", "blob:", "file:worklet.js"]);
  assertEquals(forbidden.track.readyState, "ended");

  const strict = microphoneSetting();
  strict.context.refuses = (url) => url.startsWith("blob:");
  (await strict.open()).stop();
  assertEquals(strict.context.loaded, ["blob:", "file:worklet.js"]);
  await assertRejects(() => strict.open({ volume: 1 }), TypeError, "volume");
});

async function speakerSetting(options: object = {}) {
  const context = new FakeContext();
  const clock = createVirtualClock();
  const speaker = await openSpeaker({ audioContext: context, clock, ...options });
  return { context, clock, speaker, node: FakeWorkletNode.made.at(-1)! };
}

const piece = (itemId: string, startMs: number, samples: number): SpokenPiece => ({
  itemId,
  startMs,
  bytes: new Uint8Array(samples * 2),
});

test("openSpeaker() plays a voice session, reports the played part of each message, and stops at a cut", async () => {
  const { clock, node, speaker } = await speakerSetting({ volume: 0.5, deviceId: "headset" });
  assertEquals(speaker.volume, 0.5);
  const reports: [string, number][] = [];
  let interrupt = (): void => {};
  let controller!: ReadableStreamDefaultController<SpokenPiece>;
  const playing = speaker.play({
    output: new ReadableStream({ start: (given) => void (controller = given) }),
    playback: { report: (itemId, heardMs) => void reports.push([itemId, heardMs]) },
    on: (_type, listener) => {
      interrupt = () => listener({});
      return () => {};
    },
  });
  controller.enqueue(piece("item_1", 0, 2400));
  controller.enqueue(piece("item_1", 100, 2400));
  controller.enqueue(piece("item_2", 40, 2400));
  await clock.advance(0);
  assertEquals(node.commands.map((command) => command.type === "push" && command.key), [1, 1, 2]);
  assertEquals(speaker.waitingMs, 300);
  node.say({ type: "progress", key: 1, played: 480, level: 0.3, done: 480 });
  assertEquals([speaker.level, speaker.waitingMs], [0.3, 280]);
  node.say({ type: "progress", key: 1, played: 4800, level: 0.3, done: 4800 });
  node.say({ type: "progress", key: 2, played: 240, level: 0.3, done: 5040 });
  assertEquals(reports, [["item_1", 20], ["item_1", 200], ["item_2", 50]]);
  interrupt();
  assertEquals(node.commands.at(-1), { type: "flush" });
  node.say({ type: "progress", key: 2, played: 360, level: 0.1, done: 7200 });
  node.say({ type: "flushed", key: 2, played: 360 });
  await clock.advance(0);
  assertEquals(reports.at(-1), ["item_2", 55]);
  assertEquals([speaker.waitingMs, speaker.position], [0, { itemId: "item_2", playedMs: 55 }]);
  controller.close();
  await playing;
  speaker.stop();
  assertEquals(node.port.isClosed, true);
});

test("openSpeaker().play() drops an item that was cut, and the writer plays everything", async () => {
  const { clock, node, speaker } = await speakerSetting();
  let controller!: ReadableStreamDefaultController<SpokenPiece>;
  const playing = speaker.play({
    output: new ReadableStream({ start: (given) => void (controller = given) }),
    playback: { report() {}, get: (itemId) => ({ cut: itemId === "item_1" }) },
    on: () => () => {},
  });
  controller.enqueue(piece("item_1", 0, 2400));
  controller.enqueue(piece("item_2", 0, 240));
  await clock.advance(0);
  assertEquals(node.commands.map((command) => command.type === "push" && command.samples.length), [240]);
  node.say({ type: "progress", key: 1, played: 240, level: 0, done: 240 });
  controller.close();
  await playing;
  const writer = speaker.getWriter();
  await writer.write(piece("item_1", 0, 480));
  assertEquals(node.commands.map((command) => command.type === "push" && command.samples.length), [240, 480]);
  speaker.stop();
});

test("openSpeaker() plays split bytes, closes when all was played, and settles an unanswered flush", async () => {
  const { clock, node, speaker } = await speakerSetting();
  assertEquals(await speaker.flush(), undefined);
  const writer = speaker.getWriter();
  await writer.write(Uint8Array.of(1));
  await writer.write(Uint8Array.of(2, 3));
  await writer.write(Uint8Array.of(4));
  assertEquals(node.commands.map((command) => command.type === "push" && [...command.samples]), [[0x0201], [0x0403]]);
  const flushing = speaker.flush();
  await clock.advance(500);
  assertEquals(await flushing, undefined);
  await writer.write(new Int16Array(240));
  let isClosed = false;
  const closing = writer.close().then(() => isClosed = true);
  await clock.advance(1000);
  assertEquals(isClosed, false);
  node.say({ type: "progress", key: 1, played: 242, level: 0, done: 242 });
  await closing;
  assertEquals(node.port.isClosed, true);
});

test("openSpeaker() rejects a context of another rate and an invalid volume, and names missing browser features", async () => {
  await assertRejects(() => openSpeaker({ audioContext: new FakeContext(48_000) }), RangeError, "24000");
  const { context, speaker } = await speakerSetting();
  for (const volume of [2, -0.1, NaN, Infinity]) {
    assertThrows(() => speaker.volume = volume, RangeError, "volume");
    await assertRejects(() => openSpeaker({ audioContext: new FakeContext(24_000), volume }), RangeError, "volume");
  }
  await speaker.switchTo("headset");
  assertEquals(context.sinkId, "headset");
  Object.assign(context, { setSinkId: undefined });
  assertEquals((await assertRejects(() => speaker.switchTo("x"), DOMException)).name, "NotSupportedError");
  context.state = "suspended";
  assert(speaker.isBlocked);
  speaker.stop();
});

test("openMicrophone() rejects when its device is lost before the audio thread is ready", async () => {
  const { context, devices, open, track } = microphoneSetting();
  const loaded = Promise.withResolvers<void>();
  context.audioWorklet.addModule = () => loaded.promise;
  const opening = assertRejects(open, MicrophoneError);
  await nextTask();
  devices.next = () => Promise.reject(new DOMException("", "NotFoundError"));
  track.pull();
  await nextTask();
  loaded.resolve();
  assertEquals((await opening).code, "lost");
});

test("A closed context is rejected before the user is asked, and not blamed on a policy", async () => {
  const closed = new FakeContext();
  closed.state = "closed";
  const { devices, open } = microphoneSetting();
  await assertRejects(() => open({ audioContext: closed }), TypeError, "Cannot use audioContext as it is closed");
  await assertRejects(
    () => openSpeaker({ audioContext: closed }),
    TypeError,
    "Cannot use audioContext as it is closed",
  );
  const call = { exchange: () => Promise.reject(new Error("dialled")), microphone: { mediaDevices: devices } };
  const options = { ...call, audioContext: closed, createPeer: () => new FakePeer() };
  for (const dial of [connectWebRtc, connectVoiceWebRtc, connectLiveWebRtc]) {
    await assertRejects(() => dial(options), TypeError, "Cannot use audioContext as it is closed");
  }
  const { exchange: _, ...given } = options;
  await assertRejects(
    () => startCall("https://app.example.com", given),
    TypeError,
    "Cannot use audioContext as it is closed",
  );
  assertEquals([devices.asked, closed.loaded], [[], []]);

  // Its owner may close it meanwhile.
  const closing = new FakeContext();
  closing.refuses = () => {
    closing.state = "closed";
    return true;
  };
  await assertRejects(
    () => openSpeaker({ audioContext: closing }),
    TypeError,
    "Cannot use audioContext as it is closed",
  );
});

test("openMicrophone() and openSpeaker() reject an option of a wrong kind before they ask for a device", async () => {
  const { devices, open } = microphoneSetting();
  for (
    const [options, message] of [
      [{ deviceId: 5 }, "deviceId must be a string"],
      [{ promptTimeoutMs: "1000" }, "promptTimeoutMs must be a number >= 0"],
      [{ signal: new AbortController() }, "signal must be an AbortSignal: current value is of type AbortController"],
      [{ clock: Date }, "clock must be a Clock"],
      [{ source: "default" }, "track must be a track: current value is of type String"],
      // The call of getUserMedia() was not awaited.
      [{ source: Promise.resolve() }, "track must be a track: current value is of type Promise"],
    ] as const
  ) {
    await assertRejects(() => open(options), TypeError, `Cannot open the microphone as ${message}`);
  }
  assertEquals(devices.asked, []);
  for (
    const [options, message] of [
      [{ deviceId: null }, "deviceId must be a string"],
      [{ clock: Date }, "clock must be a Clock"],
    ] as const
  ) {
    const open = () => openSpeaker({ audioContext: new FakeContext(), ...options } as never);
    await assertRejects(open, TypeError, `Cannot open the loudspeaker as ${message}`);
  }
});

test("A failed opening leaves nothing in a context of the caller", async () => {
  const speakers = new FakeContext();
  speakers.setSinkId = () => Promise.reject(new DOMException("", "NotFoundError"));
  await assertRejects(() => openSpeaker({ audioContext: speakers, deviceId: "gone" }), DOMException);
  await assertRejects(() => openSpeaker({ audioContext: speakers, volume: 2 }), RangeError);
  const { context, open, track } = microphoneSetting();
  context.createMediaStreamSource = () => {
    throw new DOMException("", "InvalidStateError");
  };
  await assertRejects(open, DOMException);
  assertEquals(FakeWorkletNode.made.filter(({ isConnected }) => isConnected), []);
  assertEquals([speakers.closes, context.closes, track.readyState], [0, 0, "ended"]);
});

test("A loudspeaker that plays a session rejects another one, and still drops the items of the first that were cut", async () => {
  const { context, node, speaker } = await speakerSetting();
  const { readable, writable } = new TransformStream<SpokenPiece, SpokenPiece>();
  const on = () => () => {};
  const playing = speaker.play({ output: readable, playback: { report() {}, get: () => ({ cut: true }) }, on });
  const other = { output: new ReadableStream<SpokenPiece>(), playback: { report() {} }, on };
  await assertRejects(() => speaker.play(other), TypeError, "Cannot play as another session is played");
  const writer = writable.getWriter();
  await writer.write(piece("item_1", 0, 480));
  await writer.close();
  await playing;
  assertEquals(node.commands.filter(({ type }) => type === "push"), []);
  speaker.stop();
  assertEquals(context.closes, 0);
});

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
