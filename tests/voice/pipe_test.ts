import { assert, assertEquals } from "@std/assert";
import { Readable } from "node:stream";
import * as audioKit from "../../src/audio/mod.ts";
import { ConnectionError, connectVoice, RealtimeApiError, type Socket } from "../../mod.ts";
import { createSimulator, createVirtualClock } from "../../src/simulator/mod.ts";
import { settled } from "./_conversation.ts";
import {
  type AudioSource,
  type PipeResult,
  type VoiceOptions,
  type VoicePipes,
  VoiceSession,
} from "../../src/voice/mod.ts";
import { type FakeServer, open, output, responseCreated, responseDone } from "../session/_fake_server.ts";

/** A voice session over a scripted server, and its `error` events. */
async function openVoice(
  options: VoiceOptions = {},
  format?: Record<string, unknown>,
  onUnhandled?: (error: unknown) => void,
) {
  const { server, session } = await open({ onUnhandled });
  if (format) configure(server, { format });
  await server.settle();
  const voice = new VoiceSession(session, { clock: server.clock, ...options });
  const errors: Error[] = [];
  voice.on("error", ({ error }) => errors.push(error));
  return { server, voice, errors };
}

function configure(server: FakeServer, input: Record<string, unknown>): void {
  server.emit({ type: "session.updated", session: { type: "realtime", id: "sess_1", audio: { input } } });
}

/** The concatenated audio that the client has appended. */
function appended(server: FakeServer): Uint8Array {
  const pieces = server.sentOf("input_audio_buffer.append").map(({ audio }) => audioKit.decodeBase64(audio));
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

function speak(server: FakeServer, responseId: string, ms: number, fill = 1): void {
  const delta = audioKit.encodeBase64(new Uint8Array(ms * 48).fill(fill));
  server.emit(output("response.output_audio.delta", responseId, { delta }));
}

/** The current state of a pipe. */
function follow(piping: Promise<PipeResult>) {
  const state = { result: undefined as PipeResult | undefined };
  piping.then((result) => state.result = result);
  return state;
}

const never = () => new Promise<never>(() => {});
const samples = Int16Array.from({ length: 4800 }, (_, i) => i * 13 % 4001);
const bytes = audioKit.toBytes(samples);

Deno.test("VoiceSession.pipe() accepts streams, iterables, generators, Node.js streams and audio as a source", async () => {
  const sources: Record<string, () => AudioSource> = {
    stream: () => ReadableStream.from([samples]),
    array: () => [samples.subarray(0, 1000), samples.subarray(1000)],
    bytes: () => bytes,
    samples: () => samples,
    generator: function* () {
      yield bytes.subarray(0, 333);
      yield bytes.subarray(333);
    },
    asyncGenerator: async function* () {
      yield bytes.subarray(0, 333);
      await Promise.resolve();
      yield new Uint8Array(0);
      yield bytes.subarray(333);
    },
    node: () => Readable.from([bytes.subarray(0, 1001), bytes.subarray(1001)]),
  };
  for (const [name, make] of Object.entries(sources)) {
    const { server, voice, errors } = await openVoice();
    assertEquals([await voice.pipe({ from: make() }), errors], [{}, []], name);
    await server.settle();
    assertEquals(appended(server), bytes, name);
    await voice.close();
  }
});

Deno.test("VoiceSession.pipe() reads WAV of any rate and channel count, however it is split", async () => {
  const stereo = Int16Array.from({ length: 9600 }, (_, i) => samples[i >> 1]!);
  const half = Int16Array.from({ length: 2400 }, (_, i) => samples[2 * i]!);
  const files: readonly (readonly [name: string, file: Uint8Array, expectedMs: number, exact: boolean])[] = [
    ["24 kHz mono", audioKit.writeWav(samples), 200, true],
    ["24 kHz stereo", audioKit.writeWav(stereo, { channels: 2 }), 200, true],
    ["12 kHz mono", audioKit.writeWav(half, { sampleRate: 12_000 }), 200, false],
    ["µ-law", audioKit.writeWav(new Int16Array(1600), { format: "audio/pcmu" }), 200, false],
  ];
  for (const [name, file, expectedMs, exact] of files) {
    for (const cut of [file.length, 1, 7, 45]) {
      const { server, voice, errors } = await openVoice({ audioKit });
      const pieces = Array.from({ length: Math.ceil(file.length / cut) }, (_, i) => file.slice(i * cut, (i + 1) * cut));
      assertEquals([await voice.pipe({ from: pieces }), errors], [{}, []], name);
      await server.settle();
      assertEquals(appended(server).length, expectedMs * 48, `${name}, cut after ${cut}`);
      if (exact) assertEquals(appended(server), bytes, `${name}, cut after ${cut}`);
      await voice.close();
    }
  }
});

/** A `fmt ` chunk of 24 kHz mono PCM16 whose encoding follows in its extension, as some programs write it. */
const EXTENDED_FORMAT = [
  ...[0x66, 0x6d, 0x74, 0x20, 40, 0, 0, 0, 0xfe, 0xff, 1, 0, 0xc0, 0x5d, 0, 0, 0x80, 0xbb, 0, 0, 2, 0, 16, 0],
  ...[22, 0, 16, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 16, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71],
];

Deno.test("VoiceSession.pipe() reads plain WAV without an audioKit, however it is split, and nothing after its audio", async () => {
  const plain = audioKit.writeWav(samples);
  const list = [76, 73, 83, 84, 5, 0, 0, 0, 1, 2, 3, 4, 5, 0];
  const files = {
    plain,
    "with a chunk before and behind": new Uint8Array([...plain.slice(0, 36), ...list, ...plain.slice(36), ...list]),
    "of a pipe": new Uint8Array([...audioKit.wavHeader(), ...bytes]),
    "with an extended format": new Uint8Array([...plain.slice(0, 12), ...EXTENDED_FORMAT, ...plain.slice(36)]),
  };
  for (const [name, file] of Object.entries(files)) {
    for (const cut of [file.length, 1, 7, 45]) {
      const { server, voice, errors } = await openVoice();
      const pieces = Array.from({ length: Math.ceil(file.length / cut) }, (_, i) => file.slice(i * cut, (i + 1) * cut));
      assertEquals([await voice.pipe({ from: pieces }), errors], [{}, []], name);
      await server.settle();
      assertEquals(appended(server), bytes, `${name}, cut after ${cut}`);
      await voice.close();
    }
  }
});

Deno.test("VoiceSession.pipe() sends a µ-law file unchanged to a µ-law session, without an audioKit", async () => {
  const { server, voice } = await openVoice({}, { type: "audio/pcmu" });
  const audio = Uint8Array.from({ length: 1600 }, (_, i) => i % 256);
  const file = new Uint8Array([...audioKit.wavHeader({ format: "audio/pcmu" }, audio.length), ...audio]);
  assertEquals(await voice.pipe({ from: file }), {});
  await server.settle();
  assertEquals(appended(server), audio);
  await voice.close();
});

Deno.test("VoiceSession.pipe() converts a file in another law, rate or channel count than the session's", async () => {
  const aLaw = audioKit.encodeG711(samples.subarray(0, 800), "audio/pcma");
  const muLaw = audioKit.encodeG711(audioKit.decodeG711(aLaw, "audio/pcma"), "audio/pcmu");
  const twice = Uint8Array.from({ length: 1600 }, (_, i) => muLaw[i >> 1]!);
  const wav = (audio: Uint8Array, options: Parameters<typeof audioKit.wavHeader>[0]) =>
    new Uint8Array([...audioKit.wavHeader(options, audio.length), ...audio]);
  const files: Record<string, Uint8Array> = {
    "A-law": wav(aLaw, { format: "audio/pcma" }),
    stereo: wav(twice, { format: "audio/pcmu", channels: 2 }),
    "16 kHz": wav(twice, { format: "audio/pcmu", sampleRate: 16_000 }),
  };
  for (const [name, file] of Object.entries(files)) {
    const { server, voice } = await openVoice({ audioKit }, { type: "audio/pcmu" });
    assertEquals(await voice.pipe({ from: file }), {}, name);
    await server.settle();
    if (name === "16 kHz") assertEquals(appended(server).length, 800);
    else assertEquals(appended(server), muLaw, name);
    await voice.close();
  }
});

Deno.test("VoiceSession.pipe() treats bytes that only begin like WAV as audio", async () => {
  for (const text of ["RIFF", "RIFF1234WAVX", "RI", "RIFX1234WAVEfmt "]) {
    const { server, voice } = await openVoice();
    const audio = new TextEncoder().encode(text);
    assertEquals(await voice.pipe({ from: [audio.subarray(0, 2), audio.subarray(2)] }), {});
    await server.settle();
    assertEquals(appended(server), audio, text);
    await voice.close();
  }
});

Deno.test("VoiceSession.pipe() refuses compressed files by name, however they are split, and sends nothing of them", async () => {
  const files = {
    MP3: "ID3\x04\0\0\0\0\0\x23TSSE",
    Ogg: "OggS\0\x02\0\0\0\0\0\0\0\0",
    FLAC: "fLaC\0\0\0\x22\x10\0\x10\0",
    WebM: "\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81",
    MP4: "\0\0\0\x1cftypM4A \0\0\0\0",
  };
  for (const [name, start] of Object.entries(files)) {
    const file = new Uint8Array(5000);
    for (let index = 0; index < start.length; index++) file[index] = start.charCodeAt(index);
    for (const cut of [file.length, 1, 7]) {
      const { server, voice, errors } = await openVoice({ audioKit });
      const pieces = Array.from({ length: Math.ceil(file.length / cut) }, (_, i) => file.slice(i * cut, (i + 1) * cut));
      const { fromError } = await voice.pipe({ from: pieces });
      assert(fromError instanceof TypeError, name);
      assertEquals(fromError.message, `Cannot send audio as ${name} must be decoded first`);
      assertEquals(errors, [fromError]);
      await server.settle();
      assertEquals(appended(server).length, 0, `${name}, cut after ${cut}`);
      // The session continues with another source.
      assertEquals(await voice.pipe({ from: [samples] }), {});
      await voice.close();
    }
  }
});

Deno.test("VoiceSession.pipe() treats bytes that only begin like a compressed file as audio", async () => {
  for (const text of ["Ogg", "OggT12345678", "1234ftyq5678", "ID3", "fLaB12345678", "toString1234"]) {
    const { server, voice } = await openVoice();
    const audio = new TextEncoder().encode(text + (text.length % 2 ? "!" : ""));
    assertEquals(await voice.pipe({ from: [audio.subarray(0, 2), audio.subarray(2)] }), {});
    await server.settle();
    assertEquals(appended(server), audio, text);
    await voice.close();
  }
});

Deno.test("VoiceSession.pipe() explains an invalid WAV file, and names a missing audioKit", async () => {
  const plain = audioKit.writeWav(samples);
  const files: readonly (readonly [Uint8Array, RegExp])[] = [
    [audioKit.writeWav(samples, { sampleRate: 16_000 }), /samples at 16000 Hz .* audioKit is missing/],
    [audioKit.writeWav(samples, { channels: 2 }), /2 channels, 16 bits .* audioKit is missing/],
    [audioKit.writeWav(samples, { format: "audio/pcmu" }), /audio\/pcmu as audioKit is missing/],
    [plain.slice(0, 30), /header is truncated/],
    [new Uint8Array([...plain.slice(0, 12), ...plain.slice(36)]), /no fmt chunk/],
    [new Uint8Array([...plain.slice(0, 12), ...new Uint8Array(100_000)]), /no audio follows/],
    [new TextEncoder().encode("RIFF....WAVEdata...."), /Cannot read WAV/],
  ];
  for (const [file, message] of files) {
    const { voice, errors } = await openVoice();
    const { fromError } = await voice.pipe({ from: file });
    assert(fromError instanceof Error && message.test(fromError.message), `${fromError}`);
    assertEquals(errors, [fromError]);
    await voice.close();
  }
});

Deno.test("VoiceSession.pipe() reads simple WAV files with a partial audioKit, and names what it lacks for others", async () => {
  const { createWavReader: _reader, ...withoutReader } = audioKit;
  const { mixToMono: _mix, ...withoutMix } = audioKit;
  for (const partial of [withoutReader, withoutMix]) {
    const { server, voice } = await openVoice({ audioKit: partial });
    assertEquals(await voice.pipe({ from: audioKit.writeWav(samples, { sampleRate: 48_000 }) }), {});
    await server.settle();
    assertEquals(appended(server).length, samples.length);
    const { fromError } = await voice.pipe({ from: audioKit.writeWav(samples, { channels: 2 }) });
    assert(fromError instanceof TypeError && /2 channels, 16 bits .* audioKit/.test(fromError.message), `${fromError}`);
    await voice.close();
  }
});

Deno.test("VoiceSession.pipe() refuses samples after the bytes of a WAV file", async () => {
  const { server, voice, errors } = await openVoice();
  const { fromError } = await voice.pipe({ from: [audioKit.wavHeader(), samples] });
  assert(fromError instanceof TypeError && fromError.message.includes("must be bytes"), `${fromError}`);
  await server.settle();
  assertEquals([errors, appended(server).length], [[fromError], 0]);
  await voice.close();
});

Deno.test("VoiceSession.pipe() reports invalid sources and sinks in the result and in an event", async () => {
  const sources = [["x", '"x"'], [5, "5"], [null, "null"], [{}, "an object"], [true, "true"], [new Uint32Array(2), ""]];
  for (const [from, shown] of sources) {
    const { voice, errors } = await openVoice();
    const { fromError } = await voice.pipe({ from: from as unknown as AudioSource });
    assert(fromError instanceof TypeError && fromError.message.endsWith(`${shown}`), `${fromError}`);
    assertEquals(errors, [fromError]);
    assertEquals(await voice.pipe({ from: [samples] }), {});
    await voice.close();
  }
  for (const [to, shown] of sources.slice(0, 4)) {
    const { voice, errors } = await openVoice();
    const { toError } = await voice.pipe({ to: to as unknown as WritableStream });
    assert(toError instanceof TypeError && toError.message.endsWith(`: current value is ${shown}`), `${toError}`);
    assertEquals([errors, voice.output.locked], [[toError], false]);
    await voice.close();
  }
});

Deno.test("VoiceSession.pipe() reports a failed source at once, ends the turn, and the session continues", async () => {
  const { server, voice, errors } = await openVoice();
  configure(server, { turn_detection: { type: "server_vad", silence_duration_ms: 300 } });
  await server.settle();
  const broken = new Error("The microphone was unplugged");
  const source = (async function* () {
    yield samples;
    await Promise.resolve();
    throw broken;
  })();
  const piping = follow(voice.pipe({ from: source, to: () => {} }));
  await server.settle();
  assertEquals([errors, piping.result], [[broken], { fromError: broken }]);
  // 200 ms of speech, and 500 of silence.
  assertEquals(appended(server).length, 700 * 48);
  assertEquals(await voice.pipe({ from: [samples] }), {});
  speak(server, "resp_1", 100);
  await server.settle();
  assertEquals(voice.output.locked, true);
  await voice.close();
});

Deno.test("VoiceSession.pipe() reports the end of another connection that its source reads from", async () => {
  const { server, voice, errors } = await openVoice();
  configure(server, { turn_detection: { type: "server_vad", silence_duration_ms: 300 } });
  await server.settle();
  const dropped = new ConnectionError("The translation has ended", { kind: "closed" });
  const source = (async function* () {
    yield samples;
    await Promise.resolve();
    throw dropped;
  })();
  assertEquals([await voice.pipe({ from: source }), errors], [{ fromError: dropped }, [dropped]]);
  // 200 ms of speech, and 500 of silence.
  assertEquals(appended(server).length, 700 * 48);
  await voice.close();
});

Deno.test("VoiceSession.pipe() ends the turn once, though the end of its source fails", async () => {
  // A truncated file, with turn detection: 500 ms of silence follow, once.
  const first = await openVoice({ audioKit });
  configure(first.server, { turn_detection: { type: "server_vad", silence_duration_ms: 300 } });
  await first.server.settle();
  const { fromError } = await first.voice.pipe({ from: audioKit.writeWav(samples).slice(0, 30) });
  assert(fromError instanceof SyntaxError, `${fromError}`);
  await first.server.settle();
  assertEquals(appended(first.server).length, 500 * 48);
  await first.voice.close();

  // A commit that the server refuses.
  const second = await openVoice({ inputEnd: "commit" });
  configure(second.server, { turn_detection: null });
  await second.server.settle();
  const piping = follow(second.voice.pipe({ from: [samples] }));
  await second.server.settle();
  const [commit] = second.server.sentOf("input_audio_buffer.commit");
  second.server.emit({
    type: "error",
    error: { type: "invalid_request_error", message: "No.", event_id: commit!.event_id },
  });
  await second.server.settle();
  assert(piping.result?.fromError instanceof RealtimeApiError, `${piping.result?.fromError}`);
  assertEquals(second.server.sentOf("input_audio_buffer.commit").length, 1);
  await second.voice.close();
});

Deno.test("VoiceSession.pipe() sends a source of a few bytes once, though the commit is refused", async () => {
  const { server, voice } = await openVoice({ inputEnd: "commit" });
  configure(server, { turn_detection: null });
  await server.settle();
  const few = bytes.subarray(0, 6);
  const { fromError } = await voice.pipe({ from: [few] });
  assert(fromError instanceof Error);
  assertEquals(appended(server), few);
  await voice.close();
});

Deno.test("VoiceSession.pipe() reports a source that yields no audio, and stops reading it", async () => {
  const { voice, errors } = await openVoice();
  let wasLeft = false;
  const source = (function* () {
    try {
      yield samples;
      yield "no audio" as unknown as Int16Array;
      yield samples;
    } finally {
      wasLeft = true;
    }
  })();
  const { fromError } = await voice.pipe({ from: source });
  assert(fromError instanceof TypeError);
  await Promise.resolve();
  assertEquals([errors, wasLeft], [[fromError], true]);
  await voice.close();
});

Deno.test("VoiceSession.pipe() reports a failed sink at once, though its source never ends", async () => {
  const broken = new Error("The loudspeaker was unplugged");
  const failing = {
    function: () => {
      throw broken;
    },
    promise: () => Promise.reject(broken),
    stream: new WritableStream({
      write() {
        throw broken;
      },
    }),
  };
  for (const [name, to] of Object.entries(failing)) {
    const { server, voice, errors } = await openVoice();
    const piping = follow(voice.pipe({ from: new ReadableStream({ pull: never }), to }));
    await server.settle();
    assertEquals(piping.result, undefined);
    server.emit(responseCreated("resp_1"));
    speak(server, "resp_1", 400);
    await server.settle();
    assertEquals([errors, piping.result], [[broken], { toError: broken }], name);
    assertEquals(voice.output.locked, false, name);
    // Another sink takes over.
    let heardMs = 0;
    const again = follow(voice.pipe({ to: (piece) => heardMs += piece.length / 48 }));
    await server.clock.advance(400);
    assert(heardMs >= 200, `${name}: ${heardMs} ms`);
    await voice.close();
    await server.settle();
    assertEquals(again.result, {}, name);
  }
});

Deno.test("VoiceSession.pipe() reports a source or a sink that fails with undefined", async () => {
  const { server, voice, errors } = await openVoice();
  const { fromError } = await voice.pipe({
    from: new ReadableStream({ start: (controller) => controller.error() }),
  });
  const piping = voice.pipe({ to: () => Promise.reject() });
  server.emit(responseCreated("resp_1"));
  speak(server, "resp_1", 100);
  await server.settle();
  const { toError } = await piping;
  assertEquals(errors, [fromError, toError]);
  assertEquals(errors.map(({ message }) => message), [
    "The source failed without an error",
    "The sink failed without an error",
  ]);
  await voice.close();
});

Deno.test("VoiceSession.pipe() notices a sink that fails during silence", async () => {
  const { server, voice, errors } = await openVoice();
  let fail = (_error: unknown) => {};
  const to = new WritableStream({ start: (controller) => void (fail = (error) => controller.error(error)) });
  const piping = follow(voice.pipe({ to }));
  await server.settle();
  const broken = new Error("The device is gone");
  fail(broken);
  await server.settle();
  assertEquals([errors, piping.result], [[broken], { toError: broken }]);
  await voice.close();
});

Deno.test("VoiceSession.pipe() called again replaces the source, and both are sent", async () => {
  const { server, voice, errors } = await openVoice();
  let cancelled = false;
  const first = new ReadableStream<Int16Array>({
    start: (controller) => controller.enqueue(samples),
    cancel: () => void (cancelled = true),
  });
  const one = follow(voice.pipe({ from: first }));
  await server.settle();
  const rest = Promise.withResolvers<void>();
  const second = async function* () {
    await rest.promise;
    yield new Int16Array(2400).fill(5);
  };
  const two = follow(voice.pipe({ from: second() }));
  await server.settle();
  // The end of the first one does not let others write beside the second one.
  assertEquals([one.result, two.result, voice.input.locked], [{}, undefined, true]);
  rest.resolve();
  await server.settle();
  assertEquals([one.result, two.result, cancelled, errors], [{}, {}, true, []]);
  assertEquals(appended(server).length, bytes.length + 4800);
  assertEquals(voice.input.locked, false);
  await voice.close();
});

Deno.test("VoiceSession.pipe() sends a replaced source of another rate to its last sample", async () => {
  const { server, voice } = await openVoice({ audioKit, inputRate: 48_000 });
  const first = follow(voice.pipe({
    from: new ReadableStream<Int16Array>({
      start: (controller) => controller.enqueue(new Int16Array(9_600).fill(500)),
    }),
  }));
  await server.settle();
  await voice.pipe({ from: [new Int16Array(9_600).fill(500)] });
  await server.settle();
  assertEquals([first.result, appended(server).length], [{}, 2 * 9_600]);
  await voice.close();
});

Deno.test("VoiceSession.pipe() called again replaces the sink, whatever state the first one is in", async () => {
  const { server, voice } = await openVoice({ playbackSource: "reported" });
  let closed = false;
  const first: number[] = [];
  const one = follow(voice.pipe({
    to: new WritableStream({
      write: (piece) => void first.push(piece.length / 48),
      close: () => void (closed = true),
    }),
  }));
  speak(server, "resp_1", 100);
  await server.settle();
  const stuck = follow(voice.pipe({ to: never }));
  await server.settle();
  assertEquals([first, closed, one.result], [[100], true, {}]);
  speak(server, "resp_1", 60);
  speak(server, "resp_1", 80);
  await server.settle();
  const last: number[] = [];
  const three = follow(voice.pipe({ to: (piece, { durationMs }) => last.push(piece.length / 48, durationMs) }));
  await server.settle();
  assertEquals([last, stuck.result], [[80, 80], {}]);
  await voice.close();
  await server.settle();
  assertEquals(three.result, {});
});

Deno.test("VoiceSession.pipe() loses nothing of a replaced source while the connection is slow", async () => {
  const { server, voice } = await openVoice({ maxLagMs: 200 });
  let buffered = 64 * 1000;
  Object.defineProperty(voice.session, "bufferedAmount", { get: () => buffered });
  const one = follow(voice.pipe({ from: [samples, samples] }));
  await server.clock.advance(100);
  const two = follow(voice.pipe({ from: [samples] }));
  await server.clock.advance(100);
  buffered = 0;
  await server.clock.advance(100);
  assertEquals([one.result, two.result], [{}, {}]);
  // The queued chunk, and all of the second source.
  assert(appended(server).length >= 4800 + bytes.length);
  await voice.close();
});

Deno.test("VoiceSession.close() reports no false error of an active source, however slow the server is", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, pace: "fast" });
  const dial: typeof simulator.dial = async (request) => {
    const socket = await simulator.dial(request);
    const close = (...args: Parameters<typeof socket.close>) => void clock.schedule(() => socket.close(...args), 500);
    return Object.create(socket, { close: { value: close }, ...bound(socket) });
  };
  const voice = await settled(clock, connectVoice({ apiKey: "sk-test", dial, clock, turnDetection: null }));
  const errors: Error[] = [];
  voice.on("error", ({ error }) => errors.push(error));
  const microphone = new ReadableStream<Int16Array>({
    async pull(controller) {
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.schedule(resolve, 20);
      await promise;
      controller.enqueue(new Int16Array(480));
    },
  });
  const piping = follow(voice.pipe({ from: microphone, to: new WritableStream() }));
  await clock.advance(200);
  const closing = voice.close();
  await clock.advance(400);
  assertEquals(errors, []);
  await clock.advance(5000);
  await closing;
  assertEquals([piping.result, errors], [{}, []]);
  assertEquals(await voice.pipe({ from: new ReadableStream({ pull: never }) }), {});
  await simulator.close();
});

/** The members of a socket, bound to it, so that a stand-in object can be called. */
function bound(socket: Socket): PropertyDescriptorMap {
  return {
    send: { value: socket.send.bind(socket) },
    listen: { value: socket.listen.bind(socket) },
    bufferedAmount: { get: () => socket.bufferedAmount },
  };
}

Deno.test("VoiceSession.mute() sends silence, so that the turn can end, until unmute()", async () => {
  const { server, voice } = await openVoice();
  const writer = voice.input.getWriter();
  const chunk = () => writer.write(new Int16Array(2400).fill(9));
  await chunk();
  assertEquals(voice.muted, false);
  voice.mute();
  voice.mute();
  await chunk();
  assertEquals(voice.muted, true);
  voice.unmute();
  await chunk();
  await server.settle();
  const heard = appended(server);
  assertEquals([heard[0], heard[4800], heard[9599], heard[9600], heard.length], [9, 0, 0, 9, 14_400]);
  await voice.close();
});

Deno.test("VoiceSession.input follows changes of the session's input format", async () => {
  const { server, voice } = await openVoice({ audioKit, chunkMs: 20 });
  const writer = voice.input.getWriter();
  await writer.write(new Int16Array(720).fill(3000));
  configure(server, { format: { type: "audio/pcmu" } });
  await server.settle();
  assertEquals(server.sentOf("input_audio_buffer.append").length, 1);
  await writer.write(new Int16Array(2400).fill(3000));
  configure(server, { format: { type: "audio/pcm", rate: 24_000 } });
  await server.settle();
  await writer.write(new Int16Array(480).fill(3000));
  await server.settle();
  const sizes = server.sentOf("input_audio_buffer.append").map(({ audio }) => audioKit.decodeBase64(audio).length);
  assertEquals(sizes, [960, 160, 160, 160, 160, 960]);
  // The unsent audio was in the former format: 10 ms, and the rest of a chunk.
  assert(voice.droppedMs >= 10 && voice.droppedMs < 30, `${voice.droppedMs} ms`);
  const muLaw = audioKit.decodeG711(
    audioKit.decodeBase64(server.sentOf("input_audio_buffer.append")[2]!.audio),
    "audio/pcmu",
  );
  assert(muLaw.every((sample) => Math.abs(sample - 3000) < 130), `${muLaw}`);
  await voice.close();
});

Deno.test("VoiceSession.pipe() of 10 MB at once sends all of it, in chunks", async () => {
  const { server, voice } = await openVoice();
  assertEquals(await voice.pipe({ from: [new Uint8Array(10_000_001)] }), {});
  await server.settle();
  const sizes = server.sentOf("input_audio_buffer.append").map(({ audio }) => audioKit.decodeBase64(audio).length);
  // Half a sample is not audio.
  assertEquals([sizes.reduce((sum, size) => sum + size, 0), Math.max(...sizes)], [10_000_000, 4800]);
  await voice.close();
});

Deno.test("VoiceSession.pipe() resolves once all audio was emitted after the server has ended the session", async () => {
  const { server, voice } = await openVoice();
  let heardMs = 0;
  const piping = follow(voice.pipe({ to: (_bytes, { durationMs }) => heardMs += durationMs }));
  server.emit(responseCreated("resp_1"));
  speak(server, "resp_1", 1000);
  server.emit(responseDone("resp_1"));
  await server.settle();
  server.close(1001);
  await server.clock.advance(500);
  assertEquals(piping.result, undefined);
  await server.clock.advance(600);
  assertEquals([piping.result, heardMs], [{}, 1000]);
});

Deno.test("VoiceSession.pipe() passes no audio of an interrupted item to a sink", async () => {
  const SPEECH = { type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_user" };
  for (let turns = 0; turns < 20; turns++) {
    const { server, voice } = await openVoice({ playbackSource: "reported" });
    const cut = new Set<string>();
    const stale: string[] = [];
    voice.on("interrupted", ({ itemId }) => void cut.add(itemId));
    const piping = voice.pipe({ to: (_bytes, { itemId }) => void (cut.has(itemId) && stale.push(itemId)) });
    speak(server, "resp_1", 100);
    await server.settle();
    voice.playback.report("resp_1_item", 50);
    speak(server, "resp_1", 100);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    server.emit(SPEECH);
    await server.settle();
    assertEquals([cut.size, stale], [1, []], `after ${turns} turns`);
    await voice.close();
    await piping;
  }
});

Deno.test("VoiceSession.pipe() writes nothing that was cut while a stream was busy", async () => {
  const { server, voice } = await openVoice({ playbackSource: "reported" });
  const written: number[] = [];
  const played = Promise.withResolvers<void>();
  const to = new WritableStream<Uint8Array>({
    write([first]) {
      written.push(first!);
      return played.promise;
    },
  });
  const piping = voice.pipe({ to });
  for (const fill of [1, 2, 3]) speak(server, "resp_1", 100, fill);
  await server.settle();
  server.emit({ type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_user" });
  await server.settle();
  played.resolve();
  await server.settle();
  assertEquals(written, [1]);
  await voice.close();
  assertEquals(await piping, {});
});

Deno.test("VoiceSession.pipe() waits for a slow sink as long as the session lasts", async () => {
  const { server, voice, errors } = await openVoice();
  const played = Promise.withResolvers<void>();
  const piping = follow(voice.pipe({ to: () => played.promise }));
  speak(server, "resp_1", 100);
  await server.clock.advance(60_000);
  assertEquals([piping.result, errors], [undefined, []]);
  played.resolve();
  await voice.close();
  await server.settle();
  assertEquals([piping.result, errors], [{}, []]);
});

Deno.test("VoiceSession.pipe() fails with an output that its sink was too slow for, which is reported once", async () => {
  const { server, voice, errors } = await openVoice({ maxUnheardMs: 1000, playbackSource: "reported" });
  const played = Promise.withResolvers<void>();
  const piping = voice.pipe({ to: () => played.promise });
  for (let piece = 0; piece < 15; piece++) speak(server, "resp_1", 100);
  await server.settle();
  played.resolve();
  const { toError } = await piping;
  assertEquals([errors.length, errors[0]?.name, errors[0] === toError], [1, "QuotaExceededError", true]);
  await voice.close();
});

Deno.test("VoiceSession.pipe() ends after the session though its sink never settles, and reports it", async () => {
  const sinks: Record<string, () => VoicePipes["to"]> = {
    "a function": () => never,
    "a stream that takes nothing": () => new WritableStream({ write: never }),
    "a stream that never closes": () => new WritableStream({ close: never }),
  };
  for (const [name, toSink] of Object.entries(sinks)) {
    for (const isOurs of [true, false]) {
      const what = `${name}, ended by ${isOurs ? "close()" : "the server"}`;
      const unhandled: unknown[] = [];
      const { server, voice } = await openVoice({}, undefined, (error) => unhandled.push(error));
      const piping = follow(voice.pipe({ to: toSink() }));
      server.emit(responseCreated("resp_1"));
      speak(server, "resp_1", 500);
      server.emit(responseDone("resp_1"));
      await server.clock.advance(100);
      if (isOurs) void voice.close();
      else server.close(1001);
      await server.clock.advance(9_900);
      assertEquals(piping.result, undefined, what);
      await server.clock.advance(2_000);
      assertEquals((piping.result?.toError as DOMException | undefined)?.name, "TimeoutError", what);
      // There are no events after the end.
      assertEquals([unhandled.length, unhandled[0] === piping.result?.toError], [1, true], what);
      assertEquals(server.clock.pending, 0, what);
    }
  }
});

Deno.test("VoiceSession.pipe() waits at the end while a loudspeaker plays its queue", async () => {
  const { server, voice, errors } = await openVoice({ playbackSource: "reported" });
  let isPlayed = false;
  const speaker = new WritableStream<Uint8Array>({
    // It accepts everything at once, and finishes when the audio was heard.
    close: () => new Promise((resolve) => server.clock.schedule(() => (isPlayed = true, resolve()), 25_000)),
  });
  const piping = follow(voice.pipe({ to: speaker }));
  server.emit(responseCreated("resp_1"));
  for (let piece = 0; piece < 20; piece++) speak(server, "resp_1", 1_000);
  server.emit(responseDone("resp_1"));
  await server.settle();
  server.close(1001);
  await server.clock.advance(24_000);
  assertEquals(piping.result, undefined);
  await server.clock.advance(2_000);
  assertEquals([piping.result, isPlayed, errors], [{}, true, []]);
});

Deno.test("VoiceSession.pipe() to a sink that never settles also ends if it starts after the end", async () => {
  const { server, voice } = await openVoice();
  await voice.close();
  const piping = follow(voice.pipe({ to: new WritableStream({ close: never }) }));
  await server.clock.advance(11_000);
  assertEquals((piping.result?.toError as DOMException | undefined)?.name, "TimeoutError");
});
