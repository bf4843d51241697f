import { createOpenAI } from "@ai-sdk/openai";
import OpenAI from "openai";
import { TranscriptGrouper } from "openai/lib/live/transcript-grouper";
import { ForksWS } from "openai/resources/live/forks/ws";
import type { ServerEvent } from "openai/resources/live/live";
import { SidebandWS } from "openai/resources/live/sideband/ws";
import { LiveWS } from "openai/resources/live/ws";
import { assert, assertEquals } from "@std/assert";
import { encodeBase64, readWav, toBytes } from "../../src/audio/mod.ts";
import { createSimulator, denoUpgrade, type LiveScenario, synthesizeSpeech } from "../../src/simulator/mod.ts";

// Third-party Live clients hold a session with the simulator, over loopback sockets.

/** Milliseconds that a test may wait for an event. */
const PATIENCE_MS = 10_000;

const scenario: LiveScenario = {
  turns: [{ user: "Where is my order?", says: "It is on its way." }, { user: "When?", delegates: {} }],
};

/** Speech and the silence after it, in pieces of 100 ms. */
function pieces(text: string, silenceMs = 3_000): string[] {
  const speech = synthesizeSpeech(text);
  const samples = new Int16Array(Math.ceil((speech.length + silenceMs * 24) / 2_400) * 2_400);
  samples.set(speech);
  return Array.from(
    { length: samples.length / 2_400 },
    (_, index) => encodeBase64(toBytes(samples.slice(index * 2_400, (index + 1) * 2_400))),
  );
}

interface Serving extends AsyncDisposable {
  readonly baseURL: string;
}

/** Serves a simulator on a free port. */
function serve(): Serving {
  const simulator = createSimulator({ upgrade: denoUpgrade(Deno.upgradeWebSocket), live: { scenario } });
  const server = Deno.serve({ port: 0, onListen() {} }, simulator.fetch);
  return {
    baseURL: `http://localhost:${server.addr.port}/v1`,
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await server.shutdown();
    },
  };
}

/** Waits for the first match among received and future items. */
class Inbox<T> {
  readonly all: T[] = [];
  #wake = () => {};

  push(value: T): void {
    this.all.push(value);
    this.#wake();
  }

  async first(is: (value: T) => boolean): Promise<T> {
    const late = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = this.all.find(is);
      if (found) return found;
      if (late.aborted) throw new Error(`No event came for ${is}: ${JSON.stringify(this.all.at(-1)).slice(0, 200)}`);
      await Promise.race([
        new Promise<void>((resolve) => this.#wake = resolve),
        new Promise<void>((resolve) => late.addEventListener("abort", () => resolve(), { once: true })),
      ]);
    }
  }
}

interface OpenAISocket {
  on(type: "event", listener: (event: ServerEvent) => void): unknown;
  on(type: "error", listener: (error: Error) => void): unknown;
  on(type: "close", listener: (code: number) => void): unknown;
}

/** Events that arrive on a socket of npm's openai. */
function inboxOf(socket: OpenAISocket): { events: Inbox<ServerEvent>; closed: Promise<number> } {
  const events = new Inbox<ServerEvent>();
  socket.on("event", (event) => events.push(event));
  socket.on("error", () => {});
  return { events, closed: new Promise((resolve) => socket.on("close", resolve)) };
}

function isOf<Type extends ServerEvent["type"]>(type: Type) {
  return (event: ServerEvent): event is Extract<ServerEvent, { type: Type }> => event.type === type;
}

Deno.test({
  name: "npm's openai holds a Live session with socket, sideband, grouper, recording and fork",
  // Its sockets and its grouper have timers that outlive them by a moment.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using serving = serve();
    const client = new OpenAI({ apiKey: "sk-test", baseURL: serving.baseURL, maxRetries: 0 });
    const live = new LiveWS(client);
    const { closed, events } = inboxOf(live);
    live.send({ type: "session.start", event_id: "start", session: { model: "gpt-live-1", store: true } });
    const started = await events.first(isOf("session.started")) as Extract<ServerEvent, { type: "session.started" }>;
    assertEquals(started.client_event_id, "start");
    const { id } = started.session;

    const sideband = new SidebandWS(client, { session_id: id, graceful_close: true });
    const observed = inboxOf(sideband);
    await observed.events.first(isOf("session.started"));

    const segments: [string, string][] = [];
    const grouper = new TranscriptGrouper();
    grouper.on("segment.closed", ({ segment }) => void segments.push([segment.speaker, segment.text]));
    let isGrouping = true;
    live.on("event", (event) => isGrouping && grouper.push(event));
    for (const audio of pieces("Where is my order?")) live.send({ type: "session.input_audio.append", audio });
    await events.first((event) => event.type === "session.output_transcript.delta" && event.delta.includes("way."));
    await observed.events.first((event) => event.type === "session.output_transcript.delta");
    assert(observed.events.all.some(isOf("session.input_audio.append")));
    sideband.send({
      type: "session.commentary.append",
      event_id: "say",
      content: "Anything else?",
      delegation_id: null,
    });
    // The order in which the two sockets are read is unknown: the append waits for audio that arrives after it.
    let isSilent = true;
    const stayQuiet = async () => {
      for (; isSilent; await new Promise((resolve) => setTimeout(resolve, 50))) {
        for (const audio of pieces("", 1_000)) live.send({ type: "session.input_audio.append", audio });
      }
    };
    const quiet = stayQuiet();
    const appended = await events.first(isOf("session.commentary.appended")).finally(() => isSilent = false);
    await quiet;
    for (const audio of pieces("", 3_000)) live.send({ type: "session.input_audio.append", audio });
    assertEquals(appended.type === "session.commentary.appended" && appended.client_event_id, "say");
    await events.first((event) => event.type === "session.output_transcript.delta" && event.delta.includes("else?"));
    isGrouping = false;
    grouper.close();
    assertEquals(segments[0], ["user", "Where is my order?"]);
    assert(segments.some(([speaker, text]) => speaker === "assistant" && text.startsWith("It is on its way.")));

    live.send({ type: "session.close" });
    const over = await events.first(isOf("session.closed"));
    assert(over.type === "session.closed" && over.reason === "close_requested");
    assertEquals(await closed, 1000);
    assertEquals(await observed.closed, 1000);

    const recording = await client.live.sessions.downloadRecording(id);
    const { channels } = readWav(new Uint8Array(await recording.arrayBuffer()));
    assertEquals(channels, 2);
    const fork = new ForksWS(client, { session_id: id } as never);
    const forked = inboxOf(fork as unknown as OpenAISocket);
    fork.send({ type: "session.start", session: {} });
    const again = await forked.events.first(isOf("session.started"));
    assert(again.type === "session.started" && again.session.id !== id);
    fork.send({ type: "session.close" });
    await forked.closed;
  },
});

Deno.test("npm's @ai-sdk/openai holds a Live session with a client delegation", async () => {
  await using serving = serve();
  const { baseURL } = serving;
  const model = createOpenAI({ apiKey: "sk-test", baseURL }).experimental_realtime("gpt-live-1");
  const config = await model.getServerWebSocketConfig();
  const socket = new WebSocket(config.url, { headers: config.headers });
  const parse = model.createServerEventParser();
  const events = new Inbox<ReturnType<typeof parse>[number]>();
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  socket.addEventListener("message", ({ data }) => {
    for (const event of parse(JSON.parse(data))) events.push(event);
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  const send = async (event: Parameters<typeof model.serializeClientEvent>[0]) => {
    socket.send(JSON.stringify(await model.serializeClientEvent(event)));
  };
  await send({ type: "session-start", config: { instructions: "Be brief.", voice: "willow" } });
  const started = await events.first(({ type }) => type === "session-started");
  assert(started.type === "session-started" && started.sessionId?.startsWith("live_"));
  for (const text of ["Where is my order?", "When?"]) {
    for (const audio of pieces(text)) await send({ type: "input-audio-append", audio });
  }
  const created = await events.first(({ type }) => type === "delegation-created");
  assert(created.type === "delegation-created" && created.target === "client");
  await send({
    type: "context-append",
    eventId: "answer",
    content: "Tomorrow at noon.",
    delegationId: created.delegationId,
    providerOptions: { openai: { channel: "commentary" } },
  });
  for (const audio of pieces("", 4_000)) await send({ type: "input-audio-append", audio });
  await events.first((event) => event.type === "command-acknowledged" && event.clientEventId === "answer");
  await events.first((event) => event.type === "transcript-fragment" && event.delta.includes("noon."));
  assert(events.all.some(({ type }) => type === "audio-chunk"));
  assertEquals(events.all.filter(({ type }) => type === "error"), []);
  await send({ type: "session-close" });
  const over = await events.first(({ type }) => type === "session-closed");
  assert(over.type === "session-closed" && over.reason === "close_requested");
  assertEquals(await closed, 1000);
});
