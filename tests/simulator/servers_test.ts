import { assert, assertEquals } from "@std/assert";
import { VOICE_LIVE } from "../../examples/azure_voice_live/dialect.ts";
import { toBytes } from "../../src/audio/mod.ts";
import { connect } from "../../src/connect.ts";
import { connectTranscription } from "../../src/connect_transcription.ts";
import { connectTranslation } from "../../src/connect_translation.ts";
import { type Session, withDialect } from "../../src/session/mod.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { SERVER_PROFILES, type ServerName } from "../../src/simulator/server_profile.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { joined, silence, tone } from "./_sound.ts";

const SERVERS = Object.keys(SERVER_PROFILES) as ServerName[];
const LATENCIES = ["none", "recorded"] as const;

/** A conversation of our client with a server, on a virtual clock. */
interface Stage {
  readonly clock: VirtualClock;
  readonly session: Session;
  readonly simulator: Simulator;
  /** Advances time until a promise settles, for at most a minute. */
  settled<T>(promise: Promise<T>): Promise<T>;
}

async function open(server: ServerName, latency: "none" | "recorded"): Promise<Stage> {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, latency, server });
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false;
    promise.catch(() => {}).finally(() => void (isSettled = true));
    for (let ms = 0; ms < 60_000 && !isSettled; ms += 50) await clock.advance(50);
    assert(isSettled, `${server}, latency ${latency}: a promise is pending after a minute`);
    return await promise;
  };
  const session = await settled(connect({
    apiKey: "sk-test",
    model: "gpt-realtime",
    clock,
    dial: server === "voice-live" ? withDialect(simulator.dial, VOICE_LIVE) : simulator.dial,
    session: { instructions: "Be brief." },
    transcription: { model: "gpt-4o-transcribe" },
    turnDetection: "server_vad",
    tools: [defineTool({
      name: "get_weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      run: () => "foggy",
    })],
  }));
  return { clock, session, simulator, settled };
}

for (const server of SERVERS) {
  for (const latency of LATENCIES) {
    Deno.test(`The client holds a conversation with ${server}, latency ${latency}: text, a tool, speech, a cancel`, async () => {
      const { clock, session, simulator, settled } = await open(server, latency);
      await settled(session.sendMessage("Hello there."));
      const text = await settled(session.respond().done);
      assertEquals(text.status, "completed");

      await settled(session.sendMessage("What is the weather in Oslo?"));
      const called = await settled(session.respond().done);
      assertEquals(called.status, "completed");
      await settled(session.idle());
      const itemsOf = () => simulator.sessions[0]!.items;
      assertEquals(itemsOf().filter(({ type }) => type === "function_call_output").length, 1, "the tool has answered");
      assertEquals(itemsOf().at(-1)?.type, "message", "and the model has gone on");

      const before = itemsOf().length;
      session.appendAudio(toBytes(joined(tone(1000), silence(1000))));
      await clock.advance(10_000);
      await settled(session.idle());
      assertEquals(itemsOf().length, before + 2, "what was said is answered");

      await settled(session.sendMessage("Tell me a long story."));
      const story = session.respond();
      await clock.advance(1000);
      await settled(story.cancel());
      assertEquals((await settled(story.done)).status, "cancelled");
      await clock.advance(5000);
      assertEquals(session.conversation.getSnapshot().length, itemsOf().length, "the views are as long");
      await settled(session.close());
      await settled(simulator.close());
      assertEquals(clock.pending, 0);
    });
  }
}

for (const server of SERVERS) {
  Deno.test(`The client transcribes and translates with ${server}`, async () => {
    const speech = joined(tone(1500), silence(1000));
    await using simulator = createSimulator({ pace: "fast", server });
    const common = { apiKey: "sk-test", dial: simulator.dial };
    for (const model of ["gpt-4o-transcribe", "gpt-live-transcribe"]) {
      const transcription = await connectTranscription({ ...common, model });
      await ReadableStream.from([speech]).pipeTo(transcription.input);
      assertEquals(await transcription.drain(), { missing: [], complete: true }, model);
      await transcription.close();
      const texts: string[] = [];
      for await (const { status, text } of transcription.utterances()) if (status === "completed") texts.push(text);
      assertEquals(texts.map((text) => text.slice(0, 11)), ["Some speech"], model);
    }
    const translation = await connectTranslation({ ...common, language: "de" });
    const heard = new Response(translation.output).arrayBuffer();
    await ReadableStream.from([speech]).pipeTo(translation.input);
    await translation.close();
    assert((await heard).byteLength > 10_000);
  });
}
