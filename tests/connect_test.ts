import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import * as v from "valibot";
import { connect, type ConnectOptions } from "../src/connect.ts";
import { ConnectionError, InvalidEventError, RealtimeApiError } from "../src/errors.ts";
import type { Session } from "../src/session/mod.ts";
import { createSimulator } from "../src/simulator/mod.ts";
import { createVirtualClock, type VirtualClock } from "../src/simulator/virtual_clock.ts";
import { defineTool } from "../src/tools/mod.ts";
import { createMemorySocketPair } from "../src/transport/memory.ts";
import { connectWebSocket, createTransport, type Dial, type DialRequest, type Socket } from "../src/transport/mod.ts";
import { connectVoice } from "../src/voice/mod.ts";

/** A server that accepts every client, sends scripted events, and keeps received ones. */
function fakeDial(...greeting: readonly object[]): {
  dial: Dial;
  requests: DialRequest[];
  heard: { type: string; session?: unknown }[];
  sockets: Socket[];
  closed: number[];
} {
  const [requests, heard, sockets, closed] = [[], [], [], []] as [
    DialRequest[],
    { type: string }[],
    Socket[],
    number[],
  ];
  const dial: Dial = (request) => {
    requests.push(request);
    const [client, server] = createMemorySocketPair();
    sockets.push(server);
    server.listen({
      message: (frame) => {
        const event = JSON.parse(String(frame));
        heard.push(event);
        const { type } = event.session ?? {};
        if (event.type === "session.update") {
          server.send(JSON.stringify({ type: "session.updated", session: { type } }));
        }
      },
      close: ({ code }) => closed.push(code),
    });
    for (const event of greeting) server.send(JSON.stringify(event));
    return Promise.resolve(client);
  };
  return { dial, requests, heard, sockets, closed };
}

const CREATED = { type: "session.created", event_id: "event_1", session: { type: "realtime" } };

/** Starts to connect in virtual time. */
function begin(options: ConnectOptions): { clock: VirtualClock; connecting: Promise<Session> } {
  const clock = createVirtualClock();
  const connecting = connect({ apiKey: "sk-test", clock, ...options });
  connecting.catch(() => {});
  return { clock, connecting };
}

Deno.test("connect() opens a session that answers and calls tools", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  const results: unknown[] = [];
  const sum = defineTool({
    name: "sum",
    description: "Add two integers.",
    parameters: v.object({ a: v.number(), b: v.number() }),
    run: ({ a, b }) => {
      results.push([typeof a, typeof b]);
      return a + b;
    },
  });
  await using session = await connect({
    apiKey: () => Promise.resolve("sk-test"),
    dial: simulator.dial,
    outputModalities: ["text"],
    tools: [sum],
  });
  const followUp = Promise.withResolvers<void>();
  session.on("tool_call_done", () => session.on("response.done", () => followUp.resolve()));
  await session.sendMessage("Please use the sum tool.");
  const call = session.respond();
  assertEquals((await call.done).status, "completed");
  assertEquals((await call.items()).map(({ type }) => type).includes("function_call"), true);
  await followUp.promise;
  assertEquals(results, [["number", "number"]]);
  await session.sendMessage("Thank you.");
  const answer = session.respond();
  assert((await answer.text()).length > 0);
});

Deno.test("connect() rejects when a server refuses after the handshake", async () => {
  await using simulator = createSimulator();
  for (const [options, code] of [[{ apiKey: "sk-invalid" }, 3000], [{ model: "no-such-model" }, 4000]] as const) {
    const { connecting } = begin({ dial: simulator.dial, ...options });
    const error = await assertRejects(() => connecting, ConnectionError, "refused the session");
    assertEquals([error.kind, error.close?.code], ["refused", code]);
    assert(error.cause instanceof RealtimeApiError);
    assert(!`${error.message} ${error.url}`.includes("sk-invalid"));
  }
});

Deno.test("connect() rejects when the server refuses the configuration", async () => {
  await using simulator = createSimulator();
  // A connection that was opened for a conversation cannot become a transcription.
  const { connecting } = begin({ dial: simulator.dial, session: { type: "transcription" } });
  await assertRejects(() => connecting, RealtimeApiError);
  assertEquals(simulator.sessions.length, 0);
});

Deno.test("connect() does not dial without a key or with two targets", async () => {
  const { dial, requests } = fakeDial(CREATED);
  const keyless = await assertRejects(() => connect({ dial, apiKey: () => undefined }), ConnectionError);
  assertEquals(keyless.kind, "configuration");
  await assertRejects(() => connect({ apiKey: "sk-test", dial, model: "gpt-realtime", callId: "rtc_1" }), TypeError);
  await assertRejects(
    () => connect({ apiKey: "sk-test", dial, signal: AbortSignal.abort(new Error("Enough")) }),
    Error,
    "Enough",
  );
  await assertRejects(() => connect({ apiKey: "sk-test", dial, timeoutMs: -1 }), RangeError);
  assertEquals(requests, []);
});

Deno.test("connect() passes on why the host is unreachable", async () => {
  const failure = new ConnectionError("Cannot reach it", { kind: "unreachable" });
  const { clock, connecting } = begin({ dial: () => Promise.reject(failure) });
  assertStrictEquals(await connecting.catch((error) => error), failure);
  assertEquals(clock.pending, 0);
});

Deno.test("connect() closes the connection when settings are contradictory or invalid", async () => {
  for (
    const [options, errorClass] of [
      [{ instructions: "A", session: { instructions: "B" } }, TypeError],
      [{ session: { audio: { output: { speed: 9 } } } }, InvalidEventError],
    ] as const
  ) {
    const { dial, heard, closed } = fakeDial(CREATED);
    await assertRejects(() => connect({ apiKey: "sk-test", dial, ...options }), errorClass);
    assertEquals([heard, closed.length], [[], 1]);
  }
});

Deno.test("connect() with a call id joins as a sideband", async () => {
  const { dial, heard, requests } = fakeDial();
  const { clock, connecting } = begin({ dial, callId: "rtc_1", recovery: false });
  await clock.advance(0);
  await using _session = await connecting;
  assertEquals(requests[0]?.url.searchParams.get("call_id"), "rtc_1");
  assertEquals(heard.map(({ type, session }) => [type, session]), [["session.update", { type: "realtime" }]]);
  assertEquals(clock.pending, 0);
});

Deno.test("connect() for transcription opens a session of that type", async () => {
  const { dial, heard, requests } = fakeDial({ ...CREATED, session: { type: "transcription" } });
  const { clock, connecting } = begin({ dial, intent: "transcription", transcription: { model: "gpt-transcribe" } });
  await clock.advance(0);
  await using session = await connecting;
  assertEquals(requests[0]?.url.searchParams.get("intent"), "transcription");
  assertEquals(heard[0]?.session, {
    type: "transcription",
    audio: { input: { transcription: { model: "gpt-transcribe" } } },
  });
  assertEquals(session.config?.type, "transcription");
});

Deno.test("connect() accepts an open transport, and does not dial", async () => {
  await using simulator = createSimulator();
  const { dial, requests } = fakeDial(CREATED);
  await using session = await connect({ dial, transport: simulator.transport(), instructions: "Be brief." });
  assertEquals((session.config as { instructions?: string }).instructions, "Be brief.");
  assertEquals(requests, []);
});

Deno.test("connect() can be aborted at every stage, and leaves no connection behind", async () => {
  const reason = new Error("Enough");
  for (const stage of ["dialling", "waiting for session.created", "configuring"]) {
    const controller = new AbortController();
    const { dial, sockets, closed } = fakeDial(...(stage === "configuring" ? [CREATED] : []));
    const late = Promise.withResolvers<void>();
    let signal: AbortSignal | undefined;
    const { clock, connecting } = begin({
      signal: controller.signal,
      dial: async (request) => {
        signal = request.signal;
        if (stage === "dialling") await late.promise;
        const socket = await dial(request);
        if (stage !== "configuring") return socket;
        // The server does not answer.
        return {
          bufferedAmount: 0,
          send: () => {},
          listen: (listener) => socket.listen(listener),
          close: (code, reason) => socket.close(code, reason),
        };
      },
    });
    await clock.advance(0);
    controller.abort(reason);
    assertStrictEquals(await connecting.catch((error) => error), reason);
    if (stage === "dialling") assertEquals(signal?.aborted, true);
    late.resolve();
    await clock.advance(0);
    assertEquals([sockets.length, closed, clock.pending], [1, [1000], 0]);
  }
});

Deno.test("connect() times out at every stage, and leaves no connection behind", async () => {
  for (const stage of ["dialling", "waiting for session.created"]) {
    const { dial, closed } = fakeDial();
    const late = Promise.withResolvers<void>();
    const { clock, connecting } = begin({
      timeoutMs: 3000,
      dial: async (request) => {
        if (stage === "dialling") await late.promise;
        return await dial(request);
      },
    });
    await clock.advance(2999);
    assertEquals(closed, []);
    await clock.advance(1);
    const error = await assertRejects(() => connecting, DOMException, "longer than 3000 ms");
    assertEquals(error.name, "TimeoutError");
    late.resolve();
    await clock.advance(0);
    assertEquals([closed, clock.pending], [[1000], 0]);
  }
});

Deno.test("connect() ignores its signal and timeout once the session is open", async () => {
  const controller = new AbortController();
  const { dial, closed } = fakeDial(CREATED);
  const { clock, connecting } = begin({ dial, signal: controller.signal, timeoutMs: 1000 });
  await clock.advance(0);
  await using session = await connecting;
  controller.abort();
  await clock.advance(5000);
  assertEquals(closed, []);
  session.appendAudio(new Uint8Array(2));
});

Deno.test("connect() closes the given transport when it fails", async () => {
  const failures: readonly (readonly [Partial<ConnectOptions>, new (...args: never[]) => Error])[] = [
    [{ signal: AbortSignal.abort() }, DOMException],
    [{ timeoutMs: -1 }, RangeError],
    [{ timeoutMs: NaN }, RangeError],
    [{ instructions: "A", session: { instructions: "B" } }, TypeError],
    [{ session: { audio: { output: { speed: 9 } } } }, InvalidEventError],
    [{ ackTimeoutMs: 0 }, Error],
  ];
  for (const [options, errorClass] of failures) {
    const [client, server] = createMemorySocketPair();
    const transport = createTransport(client);
    const closed = new Promise<number>((resolve) =>
      server.listen({ message() {}, close: ({ code }) => resolve(code) })
    );
    server.send(JSON.stringify(CREATED));
    await assertRejects(() => connect({ transport, ...options }), errorClass);
    assertEquals([await closed, (await transport.closed).clean], [1000, true]);
  }
});

Deno.test("connectVoice() closes the given transport when its options are invalid", async () => {
  await using simulator = createSimulator();
  for (const options of [{ chunkMs: 5 }, { signal: AbortSignal.abort() }, { timeoutMs: -1 }]) {
    const transport = simulator.transport();
    await assertRejects(() => connectVoice({ transport, ...options }));
    assertEquals((await transport.closed).code, 1000);
  }
});

Deno.test("connect() takes shared from a transport, and connectVoice() the playback source", async () => {
  const { dial, heard } = fakeDial();
  const transport = await connectWebSocket({ apiKey: "sk-test", callId: "rtc_1", dial });
  // A joining client receives no session.created.
  await using voice = await connectVoice({ transport, turnDetection: "server_vad" });
  assertEquals(heard.map(({ type }) => type), ["session.update"]);
  // A shared session leaves it to the server to refuse a commit that is too short.
  const refused = voice.session.commitAudio({ timeoutMs: 0 });
  await assertRejects(() => refused, DOMException);
  assertEquals(heard.map(({ type }) => type), ["session.update", "input_audio_buffer.commit"]);
  // With server-side playback no audio is emitted here: an interruption clears the server's buffer.
  await voice.bargeIn();
  assertEquals(heard.at(-1)?.type, "output_audio_buffer.clear");
});

Deno.test("connect() names the function for a model that needs another entry point", async () => {
  const { dial, requests } = fakeDial();
  for (const [model, name] of [["gpt-realtime-translate", "connectTranslation"], ["gpt-live-1", "./live"]] as const) {
    await assertRejects(() => connect({ apiKey: "sk-test", dial, model }), TypeError, name);
  }
  assertEquals(requests, []);
});

Deno.test("connect() redacts the key in refusals", async () => {
  const { dial } = fakeDial();
  const apiKey = "sk-canary-0123456789";
  const leaky: Dial = async (request) => {
    const socket = await dial(request);
    return {
      ...socket,
      bufferedAmount: 0,
      send: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      listen(listener) {
        const message = `Incorrect API key provided: ${apiKey}`;
        listener.message(JSON.stringify({ type: "error", event_id: "e", error: { type: "t", message } }));
        listener.close({ code: 3000, reason: `invalid_request_error.${apiKey}` });
      },
    };
  };
  const lines: unknown[] = [];
  const log = (line: string) => void lines.push(line);
  const logger = { debug: log, info: log, warn: log, error: log };
  const error = await connect({ apiKey, dial: leaky, logger }).catch((error) => error);
  const everything = Deno.inspect([error, error.stack, lines], { depth: 10 });
  assert(error instanceof ConnectionError && !everything.includes("canary"), everything);
  assert(everything.includes("[API key]"));
});

Deno.test("connect() rejects recovery of a given transport, and closes it", async () => {
  for (const dial of [connect, connectVoice]) {
    await using simulator = createSimulator();
    const transport = simulator.transport();
    await assertRejects(
      () => dial({ transport, recovery: {} }),
      TypeError,
      "Cannot recover a transport as it cannot be opened again: install recoveryPart with open instead",
    );
    await transport.closed;
  }
});
