// Calls over WebRTC in Chromium, with real sound in both directions.
import { RealtimeApiError } from "@oai-rt/edge";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ROOT } from "../../_tools/repository.ts";
import { kitFiles, openChromium, openKitPage, serveFiles, shared } from "./_chromium.ts";
import type { Kit } from "./_kit.ts";
import { startMediaSimulator } from "./_simulator.ts";

declare const kit: Kit;

const QUESTION = `${ROOT}/examples/assets/question.wav`;
const simulatorOfAll = shared(() => startMediaSimulator());
const askingBrowser = shared(() => openChromium({ microphone: QUESTION }));
// Without a file the fake microphone beeps each second, which counts as speech.
const beepingBrowser = shared(() => openChromium());
const filesOfAll = shared(async () => serveFiles(await kitFiles()));

Deno.test("A spoken turn has captions, a tool call and an audible answer, which bargeIn() silences within 150 ms", async () => {
  await using simulator = await startMediaSimulator(["--scenario", "examples/demo/scenario.json"]);
  const files = await filesOfAll();
  await using page = await openKitPage(await askingBrowser(), files);
  const tool = {
    type: "function" as const,
    name: "get_weather",
    parameters: { type: "object" as const, properties: {} },
  };
  const secret = await simulator.mint({ tools: [tool] });
  const outcome = await page.evaluate(async ([baseUrl, secret]) => {
    const calls: unknown[] = [];
    const voice = await kit.connectVoiceWebRtc({
      exchange: kit.withSecret(() => secret, { baseUrl }),
      tools: [kit.defineTool({
        name: "get_weather",
        description: "Weather of a city.",
        parameters: { type: "object", properties: { city: { type: "string" } } },
        run: (input: unknown) => {
          calls.push(input);
          return "Sunny, 21 degrees";
        },
      })],
    });
    const captions: string[] = [];
    voice.session.on(
      "conversation.item.input_audio_transcription.completed",
      ({ transcript }) => captions.push(transcript),
    );
    const deltas: string[] = [];
    voice.session.on("response.output_audio_transcript.delta", ({ delta }) => deltas.push(delta));
    const until = async (isSo: () => boolean, timeoutMs: number) => {
      const start = performance.now();
      while (!isSo() && performance.now() - start < timeoutMs) await new Promise((resolve) => setTimeout(resolve, 2));
      return performance.now() - start;
    };
    let peak = 0;
    const timer = setInterval(() => peak = Math.max(peak, voice.call.outputLevel), 10);
    await until(() => voice.call.outputLevel > 0.08, 40_000);
    await until(() => false, 600);
    // Started at a loud moment only: a pause in speech would look like silence.
    await until(() => voice.call.outputLevel > 0.08, 5_000);
    const loudBefore = voice.call.outputLevel;
    const cleared = new Promise<number>((resolve) => {
      const start = performance.now();
      voice.session.on("output_audio_buffer.cleared", () => resolve(performance.now() - start));
    });
    void voice.bargeIn();
    let quietSince: number | undefined;
    const start = performance.now();
    // The meter looks back over 20 ms: silence counts from when all of that is silent, and has to last.
    while (performance.now() - start < 600) {
      const isQuiet = voice.call.outputLevel < 0.02;
      quietSince = isQuiet ? quietSince ?? performance.now() - start : undefined;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    clearInterval(timer);
    const stats = await voice.call.stats();
    await voice.close();
    return {
      calls,
      captions,
      clearedMs: await cleared,
      loudBefore,
      peak,
      quietSince,
      said: deltas.join(""),
      stats,
      states: [voice.call.peer.connectionState, voice.call.microphone?.track.readyState],
    };
  }, [simulator.baseUrl, secret] as const);
  console.log(
    `    silent after ${outcome.quietSince?.toFixed(0)} ms, cleared after ${outcome.clearedMs.toFixed(0)} ms`,
  );
  const { calls, captions } = outcome;
  assertEquals({ calls, captions }, {
    calls: [{ city: "Paris" }],
    captions: ["What is the weather like in Paris today?"],
  });
  assert(outcome.said.startsWith("It is sunny in Paris"), outcome.said);
  assert(outcome.peak > 0.1, `the reply was heard at ${outcome.peak}`);
  assert(outcome.loudBefore > 0.08);
  assert(outcome.quietSince !== undefined && outcome.quietSince < 150, `silent after ${outcome.quietSince} ms`);
  assert(outcome.stats.packetsReceived > 5 && outcome.stats.packetsSent > 20, JSON.stringify(outcome.stats));
  assertEquals(outcome.states, ["closed", "ended"]);
});

Deno.test("A new call replaces one that the server ended: it hears the same microphone, and its answer is audible", async () => {
  const simulator = await simulatorOfAll();
  const files = await filesOfAll();
  await using page = await openKitPage(await beepingBrowser(), files);
  await page.exposeFunction("hangUp", (id: string) => simulator.rest.hangUpCall(id));
  const outcome = await page.evaluate(async ([baseUrl, secret]) => {
    const { hangUp } = globalThis as unknown as { hangUp(id: string): Promise<void> };
    const voice = await kit.connectVoiceWebRtc({
      exchange: kit.withSecret(() => secret, { baseUrl }),
      turnDetection: null,
      instructions: "Be brief.",
    });
    await voice.session.ask("My name is Ada.", { outputModalities: ["text"] });
    const { callId, microphone, peer } = voice.call;
    const types: string[] = [];
    for (const type of ["reconnecting", "recovered", "recovery_failed"] as const) {
      voice.session.on(type, () => types.push(type));
    }
    const recovered = new Promise((resolve) => voice.session.on("recovered", resolve));
    await hangUp(callId!);
    await recovered;
    const heard = new Promise((resolve) => voice.session.on("input_audio_buffer.speech_started", resolve));
    await voice.session.update({ turnDetection: { type: "server_vad", create_response: false } });
    await heard;
    voice.mute();
    let peak = 0;
    const timer = setInterval(() => peak = Math.max(peak, voice.call.outputLevel), 10);
    const stopped = new Promise((resolve) => voice.on("playback_stopped", resolve));
    await voice.session.ask("Say something.", { outputModalities: ["audio"] });
    await stopped;
    clearInterval(timer);
    const result = {
      first: callId,
      second: voice.call.callId,
      texts: voice.session.conversation.getSnapshot().map(({ text }) => text).slice(0, 2),
      peak,
      types,
      states: [peer.connectionState, voice.call.peer.connectionState, microphone!.track.readyState],
      instructions: Object.entries(voice.session.config ?? {}).find(([name]) => name === "instructions")?.[1],
    };
    await voice.close();
    return { ...result, ended: [voice.call.peer.connectionState, microphone!.track.readyState] };
  }, [simulator.baseUrl, await simulator.mint()] as const);
  assertEquals(outcome.types, ["reconnecting", "recovered"]);
  assert(outcome.second?.startsWith("rtc_") && outcome.second !== outcome.first);
  assertEquals(outcome.texts, ["My name is Ada.", "You said: My name is Ada."]);
  assertEquals(outcome.instructions, "Be brief.");
  assertEquals([outcome.states, outcome.ended], [["closed", "connected", "live"], ["closed", "ended"]]);
  assert(outcome.peak > 0.1, `the reply was heard at ${outcome.peak}`);
});

Deno.test("A muted microphone is not heard, and is heard again afterwards", async () => {
  const simulator = await simulatorOfAll();
  const files = await filesOfAll();
  await using page = await openKitPage(await beepingBrowser(), files);
  const outcome = await page.evaluate(async ([baseUrl, secret]) => {
    const session = await kit.connectVoiceWebRtc({ exchange: kit.withSecret(() => secret, { baseUrl }) });
    session.mute();
    const heard: number[] = [];
    session.session.on("input_audio_buffer.speech_started", () => heard.push(performance.now()));
    // Speech from before the mute may still be in transit.
    await new Promise((resolve) => setTimeout(resolve, 700));
    const before = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const whileMuted = heard.length - before;
    const packets = (await session.call.stats()).packetsSent;
    session.unmute();
    const start = performance.now();
    while (heard.length === before + whileMuted && performance.now() - start < 5000) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const afterwards = heard.length - before - whileMuted;
    await session.close();
    return { whileMuted, afterwards, packets };
  }, [simulator.baseUrl, await simulator.mint()] as const);
  assertEquals(outcome.whileMuted, 0);
  assert(outcome.afterwards > 0, "nothing was heard after unmute()");
  assert(outcome.packets > 100, "silence must be sent, so that turns can end");
});

Deno.test("20 calls leave no peer, track, context or listener behind, and closing the page ends its call", async () => {
  const simulator = await simulatorOfAll();
  const files = await filesOfAll();
  await using page = await openKitPage(await askingBrowser(), files);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const metric = async (name: string) => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await cdp.send("Performance.getMetrics");
    return metrics.find((each) => each.name === name)?.value;
  };
  const secret = await simulator.mint({ audio: { input: { turn_detection: null } } });
  const dials = (count: number) =>
    page.evaluate(async ([baseUrl, secret, count]) => {
      const peers: RTCPeerConnection[] = [];
      const contexts: AudioContext[] = [];
      for (let i = 0; i < count; i++) {
        const session = await kit.connect({
          transport: await kit.connectWebRtc({
            exchange: kit.withSecret(() => secret, { baseUrl }),
            createPeer: () => {
              const peer = new RTCPeerConnection();
              peers.push(peer);
              return peer;
            },
          }),
          shared: true,
        });
        const info = await session.close();
        if (info.code !== 1000) throw new Error(`closed with ${info.code}`);
      }
      return {
        open: peers.filter((peer) => peer.connectionState !== "closed").length,
        live: peers.flatMap((peer) => peer.getSenders()).filter(({ track }) => track?.readyState === "live").length,
        contexts: contexts.length,
        elements: document.querySelectorAll("audio").length,
      };
    }, [simulator.baseUrl, secret, count] as const);
  await dials(2);
  const listeners = await metric("JSEventListeners");
  const nodes = await metric("Nodes");
  assertEquals(await dials(20), { open: 0, live: 0, contexts: 0, elements: 0 });
  assertEquals(await metric("JSEventListeners"), listeners);
  assertEquals(await metric("Nodes"), nodes);

  const callId = await page.evaluate(async ([baseUrl, secret]) => {
    let callId = "";
    const exchange = kit.withSecret(() => secret, { baseUrl });
    await kit.connectWebRtc({
      exchange: async (offer, options) => {
        const answer = await exchange(offer, options);
        callId = answer.callId ?? "";
        return answer;
      },
    });
    return callId;
  }, [simulator.baseUrl, secret] as const);
  assert(callId.startsWith("rtc_"), `the page must be told the call's id: ${callId}`);
  await page.close();
  // A closing page ends its call at once.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const error = await assertRejects(() => simulator.rest.hangUpCall(callId), RealtimeApiError);
  assertEquals(error.status, 404);
});
