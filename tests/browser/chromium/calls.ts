// Calls over WebRTC in Chromium, with real sound in both directions.
import { connect, RealtimeApiError } from "@oai-rt/edge";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { openKitPage } from "./_chromium.ts";
import type { Kit } from "./_kit.ts";
import { askingBrowser, beepingBrowser, filesOfAll, simulatorOfAll } from "./_shared.ts";
import { startMediaSimulator } from "./_simulator.ts";
import { testTogether } from "./_together.ts";

declare const kit: Kit;

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
    const cut = async () => {
      await until(() => voice.call.outputLevel > 0.08, 40_000);
      await until(() => false, 600);
      // Started at a loud moment only: a pause in speech would look like silence.
      await until(() => voice.call.outputLevel > 0.08, 5_000);
      const loudBefore = voice.call.outputLevel;
      const start = performance.now();
      let clearedMs: number | undefined;
      const stop = voice.session.on("output_audio_buffer.cleared", () => clearedMs = performance.now() - start);
      void voice.bargeIn();
      let quietSince: number | undefined;
      let heldUpMs = 0;
      // The meter looks back over 20 ms: silence counts from when all of that is silent, and has to last.
      for (let now = 0, last = 0; now < 600; last = now) {
        const isQuiet = voice.call.outputLevel < 0.02;
        quietSince = isQuiet ? quietSince ?? now : undefined;
        await new Promise((resolve) => setTimeout(resolve, 2));
        now = performance.now() - start;
        heldUpMs = Math.max(heldUpMs, now - last);
      }
      stop();
      return { clearedMs, heldUpMs, loudBefore, quietSince };
    };
    const cuts = [await cut()];
    // What a busy machine holds up says nothing of the call: only then, another answer is interrupted.
    const isHeldUp = ({ clearedMs = Infinity, heldUpMs }: (typeof cuts)[number]) => heldUpMs > 50 || clearedMs > 75;
    while (isHeldUp(cuts.at(-1)!) && !((cuts.at(-1)!.quietSince ?? Infinity) < 150) && cuts.length < 6) {
      await voice.session.idle();
      void voice.session.ask("Tell me a long story.");
      cuts.push(await cut());
    }
    clearInterval(timer);
    const stats = await voice.call.stats();
    await voice.close();
    return {
      calls,
      captions,
      cuts,
      peak,
      said: deltas.join(""),
      stats,
      states: [voice.call.peer.connectionState, voice.call.microphone?.track.readyState],
    };
  }, [simulator.baseUrl, secret] as const);
  const { clearedMs, loudBefore, quietSince } = outcome.cuts.at(-1)!;
  console.log(`    silent after ${quietSince?.toFixed(0)} ms, cleared after ${clearedMs?.toFixed(0)} ms`);
  const { calls, captions } = outcome;
  assertEquals({ calls, captions }, {
    calls: [{ city: "Paris" }],
    captions: ["What is the weather like in Paris today?"],
  });
  assert(outcome.said.startsWith("It is sunny in Paris"), outcome.said);
  assert(outcome.peak > 0.1, `the reply was heard at ${outcome.peak}`);
  const seen = JSON.stringify(outcome.cuts);
  assert(loudBefore > 0.08, `not loud before the cut: ${seen}`);
  assert(clearedMs !== undefined, `not cleared: ${seen}`);
  assert(quietSince !== undefined && quietSince < 150, `silent too late: ${seen}`);
  assert(outcome.stats.packetsReceived > 5 && outcome.stats.packetsSent > 20, JSON.stringify(outcome.stats));
  assertEquals(outcome.states, ["closed", "ended"]);
});

testTogether({
  "A new call replaces one that the server ended: it hears the same microphone, and its answer is audible": replaceCall,
  "A muted microphone is not heard, and is heard again afterwards": muteMicrophone,
  "20 calls leave no peer, track, context or listener behind, and closing the page ends its call": leaveNothing,
});

async function replaceCall(): Promise<void> {
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
}

async function muteMicrophone(): Promise<void> {
  const simulator = await simulatorOfAll();
  const files = await filesOfAll();
  await using page = await openKitPage(await beepingBrowser(), files);
  const outcome = await page.evaluate(async ([baseUrl, secret]) => {
    const session = await kit.connectVoiceWebRtc({ exchange: kit.withSecret(() => secret, { baseUrl }) });
    // Moments of the sound itself, which neither a busy page nor a busy server shifts.
    const heard: number[] = [];
    session.session.on("input_audio_buffer.speech_started", ({ audio_start_ms }) => heard.push(audio_start_ms));
    const until = async (isSo: () => Promise<boolean> | boolean) => {
      const start = performance.now();
      while (!await isSo() && performance.now() - start < 15_000) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await until(() => heard.length > 0);
    const before = heard.length;
    session.mute();
    const sent = async () => (await session.call.stats()).packetsSent;
    const first = await sent();
    await until(async () => await sent() - first >= 160);
    const packets = await sent() - first;
    session.unmute();
    // Speech from before the mute may have been in transit.
    const isGap = (index: number) => heard[index]! - heard[index - 1]! > 3000;
    await until(() => heard.some((_, index) => index >= before && isGap(index)));
    await session.close();
    return { before, heard, packets };
  }, [simulator.baseUrl, await simulator.mint()] as const);
  const seen = JSON.stringify(outcome);
  assert(outcome.before > 0, `nothing was heard before mute(): ${seen}`);
  assert(outcome.packets >= 160, `silence must be sent, so that turns can end: ${seen}`);
  // It beeps every second, and was muted for 160 packets of 20 ms.
  const gaps = outcome.heard.slice(1).map((moment, index) => moment - outcome.heard[index]!);
  assert(gaps.some((gap) => gap > 3000), `a muted microphone is not heard, and is heard afterwards: ${seen}`);
}

async function leaveNothing(): Promise<void> {
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
  const sideband = await connect({ apiKey: "sk-test", baseUrl: simulator.baseUrl, callId });
  await page.close();
  // A closing page ends its call at once, and with it its sideband; one that is silent would be noticed after 13 s.
  const start = performance.now();
  await sideband.closed;
  const endedMs = performance.now() - start;
  assert(endedMs < 5_000, `the call ended ${endedMs} ms after its page`);
  const error = await assertRejects(() => simulator.rest.hangUpCall(callId), RealtimeApiError);
  assertEquals(error.status, 404);
}
