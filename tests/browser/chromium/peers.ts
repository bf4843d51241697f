// Other people's clients in Chromium, over WebRTC with real sound; and React.
import { assert, assertEquals } from "@std/assert";
import { kitFiles, openKitPage, serveFiles } from "./_chromium.ts";
import type { ReactKit } from "./_react_kit.ts";
import { askingBrowser, simulatorOfAll } from "./_shared.ts";
import { testTogether } from "./_together.ts";

declare const agents: typeof import("@openai/agents-realtime");
declare const kit: ReactKit;

const MODEL = "gpt-realtime-2.1";

testTogether({
  "npm's @openai/agents-realtime holds a conversation over WebRTC with the simulator": talkWithAgents,
  "A page without any library holds a conversation over WebRTC with the simulator": talkWithoutLibrary,
  "The React hook of the README shows a conversation, and leaves no listener behind": showInReact,
});

async function talkWithAgents(): Promise<void> {
  const simulator = await simulatorOfAll();
  await using files = serveFiles(await kitFiles("_peers_kit.ts"));
  await using page = await openKitPage(await askingBrowser(), files);
  const outcome = await page.evaluate(async ([baseUrl, secret, model]) => {
    const audioElement = new Audio();
    const transport = new agents.OpenAIRealtimeWebRTC({ baseUrl: `${baseUrl}/realtime/calls`, audioElement });
    let toolRuns = 0;
    const agent = new agents.RealtimeAgent({
      name: "Greeter",
      tools: [agents.tool({
        name: "get_weather",
        description: "Weather of a city.",
        parameters: {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
          additionalProperties: false,
          // Its types cannot tell this schema from others without help.
        } as never,
        strict: false,
        execute: () => `It is foggy, ${++toolRuns}.`,
      })],
    });
    const session = new agents.RealtimeSession(agent, { transport, model });
    const types: string[] = [];
    const log: string[] = [];
    const waiting = new Set<() => void>();
    const note = (type: string) => {
      types.push(type);
      if (!type.endsWith(".delta")) log.push(`${Math.round(performance.now())} ${type}`);
      for (const wake of waiting) wake();
    };
    transport.on("*", ({ type }: { type: string }) => note(type));
    transport.on("connection_change", note);
    const seen = (type: string, count: number) =>
      new Promise<void>((resolve, reject) => {
        const fail = () => reject(new Error(`No ${type} number ${count}: ${log.join(", ")}`));
        const timer = setTimeout(fail, 40_000);
        const check = () => {
          const isSeen = types.filter((each) => each === type).length >= count;
          if (types.includes("disconnected")) fail();
          else if (!isSeen) return;
          waiting.delete(check);
          clearTimeout(timer);
          resolve();
        };
        waiting.add(check);
        check();
      });
    await session.connect({ apiKey: secret, model });
    // It speaks: the file that the microphone hears.
    await seen("output_audio_buffer.started", 1);
    let peak = 0;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(audioElement.srcObject as MediaStream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      peak = Math.max(peak, ...samples.map(Math.abs));
    }, 20);
    await seen("output_audio_buffer.stopped", 1);
    clearInterval(timer);
    // On a busy machine, the microphone would hear its file again before the end.
    session.mute(true);
    session.sendMessage("Use get_weather, please.");
    await seen("response.done", 3);
    session.sendMessage("Tell me a long story.");
    await seen("output_audio_buffer.started", 3);
    await new Promise((resolve) => setTimeout(resolve, 500));
    session.interrupt();
    await seen("output_audio_buffer.cleared", 1);
    const history = session.history.map((item) => item.type === "message" ? item.role : item.type);
    session.close();
    await context.close();
    return {
      history,
      peak,
      toolRuns,
      heard: types.includes("input_audio_buffer.speech_stopped"),
      status: transport.status,
    };
  }, [simulator.baseUrl, await simulator.mint({ model: MODEL }), MODEL] as const);
  const turns = ["user", "assistant", "user", "function_call", "assistant"];
  assertEquals(outcome.history.slice(0, 5), turns, JSON.stringify(outcome));
  assert(outcome.peak > 0.1, `the reply was heard at ${outcome.peak}`);
  assertEquals([outcome.toolRuns, outcome.heard, outcome.status], [1, true, "disconnected"]);
}

async function talkWithoutLibrary(): Promise<void> {
  const simulator = await simulatorOfAll();
  await using files = serveFiles({ "/": `<!doctype html><link rel="icon" href="data:,"><script>kit = {}</script>` });
  await using page = await openKitPage(await askingBrowser(), files);
  const outcome = await page.evaluate(async ([baseUrl, secret]) => {
    // The example of OpenAI's own documentation.
    const peer = new RTCPeerConnection();
    const audio = document.createElement("audio");
    audio.autoplay = true;
    peer.ontrack = ({ streams }) => audio.srcObject = streams[0]!;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    peer.addTrack(stream.getTracks()[0]!);
    const channel = peer.createDataChannel("oai-events");
    const types: string[] = [];
    const done = new Promise<string>((resolve) => {
      channel.onmessage = ({ data }) => {
        const event = JSON.parse(data);
        types.push(event.type);
        if (event.type === "output_audio_buffer.stopped") resolve("stopped");
      };
      setTimeout(() => resolve("nothing"), 60_000);
    });
    await peer.setLocalDescription(await peer.createOffer());
    const response = await fetch(`${baseUrl}/realtime/calls`, {
      method: "POST",
      body: peer.localDescription!.sdp,
      headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/sdp" },
    });
    await peer.setRemoteDescription({ type: "answer", sdp: await response.text() });
    const end = await done;
    const level = [...(await peer.getStats()).values()].find(({ kind, type }) =>
      type === "inbound-rtp" && kind === "audio"
    );
    peer.close();
    return { end, first: types[0], types: [...new Set(types)], energy: level?.totalAudioEnergy };
  }, [simulator.baseUrl, await simulator.mint()] as const);
  assertEquals([outcome.end, outcome.first], ["stopped", "session.created"]);
  for (
    const type of [
      "input_audio_buffer.speech_started",
      "conversation.item.input_audio_transcription.completed",
      "response.done",
    ]
  ) {
    assert(outcome.types.includes(type), `${type} is missing in ${outcome.types}`);
  }
  assert(outcome.energy > 0.01, `the reply had an energy of ${outcome.energy}`);
}

async function showInReact(): Promise<void> {
  const simulator = await simulatorOfAll();
  await using files = serveFiles(await kitFiles("_react_kit.ts"));
  await using page = await openKitPage(await askingBrowser(), files);
  const outcome = await page.evaluate(async ([baseUrl, secret]) => {
    const { session } = await kit.connectVoiceWebRtc({
      exchange: kit.withSecret(() => secret, { baseUrl }),
      outputModalities: ["text"],
      turnDetection: null,
    });
    const view = kit.showConversation(session, document.body);
    await session.ask("Hello there.");
    // React draws a moment later.
    const texts = () => [...document.querySelectorAll("li")].map(({ textContent }) => textContent);
    for (const end = performance.now() + 10_000; !texts()[1]?.endsWith(".") && performance.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const shown = texts();
    view.unmount();
    const before = view.renders;
    await session.ask("Nobody looks.");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await session.close();
    return { shown, more: view.renders - before };
  }, [simulator.baseUrl, await simulator.mint()] as const);
  assertEquals(outcome, { shown: ["Hello there.", "You said: Hello there."], more: 0 });
}
