import * as audio from "../../src/audio/mod.ts";
import * as browser from "../../src/browser/mod.ts";
import { connect, connectWith } from "../../src/connect.ts";
import { connectTranscription } from "../../src/connect_transcription.ts";
import { connectTranslation } from "../../src/connect_translation.ts";
import * as hono from "../../src/hono/mod.ts";
import * as live from "../../src/live/mod.ts";
import * as protocol from "../../src/protocol/mod.ts";
import * as rest from "../../src/rest/mod.ts";
import * as sessions from "../../src/session/mod.ts";
import * as simulated from "../../src/simulator/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import * as transports from "../../src/transport/mod.ts";
import { connectVoice, VoiceSession } from "../../src/voice/mod.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { FakeTrack } from "../browser/_fakes.ts";
import { connectRig } from "../live/_live.ts";
import { createStub, SDP } from "../rest/_stub.ts";

// deno-lint-ignore no-explicit-any -- callers without types pass anything
type Options = any;

/** Calls a function with options. */
export type Call = (options: Options) => unknown;

/** Dependencies of the calls: sessions with a simulator, which is closed with them. */
export interface World extends AsyncDisposable {
  /** A function with options, and a call of it. */
  readonly calls: Readonly<Record<string, Call>>;
}

const KEY = { apiKey: "sk-test" };
const SAMPLES = new Int16Array(2);

/** A dialer, and a transport, that must not be used. */
const dial: transports.Dial = () => Promise.reject(new Error("Dialled"));
const transport = () => transports.createTransport(transports.createMemorySocketPair()[0]);

/** Opens the sessions. */
export async function createWorld(): Promise<World> {
  const clock = createVirtualClock();
  const simulator = simulated.createSimulator({ clock });
  const options = { ...KEY, dial: simulator.dial, clock };
  const opened = <T>(opening: Promise<T>) => clock.advance(100).then(() => opening);
  const voice = await opened(connectVoice({ ...options, turnDetection: null }));
  const transcription = await opened(connectTranscription(options));
  const translation = await opened(connectTranslation({ ...options, language: "de" }));
  const rig = await connectRig({ backend: undefined });
  const { session } = voice;
  return {
    calls: {
      ...openers(),
      ...callsOfSession(session),
      ...callsOfVoice(voice),
      ...callsOfLive(rig.session),
      ...callsOfRest(),
      ...callsOfAudio(),
      ...callsOfParts(session),
      ...callsOfSimulator(simulator),
      "RealtimeTranscription.commit": (options) => transcription.commit(options),
      "RealtimeTranscription.drain": (options) => transcription.drain(options),
      "RealtimeTranslation.close": (options) => translation.close(options),
      "RealtimeTranslation.update": (options) => translation.update({}, options),
    },
    async [Symbol.asyncDispose]() {
      const ends = [voice.close(), transcription.close(), translation.close(), rig.session.close()];
      for (let step = 0; step < 200; step++) await Promise.all([clock.advance(100), rig.clock.advance(100)]);
      await Promise.all(ends);
      await Promise.all([simulator.close(), rig.simulator.close()]);
    },
  };
}

/** Functions that open a session or a connection, or create something that does. */
function openers(): Readonly<Record<string, Call>> {
  const url = new URL("wss://example.com/v1/realtime");
  const exchange = browser.viaApp("https://example.com/realtime");
  return {
    attachLive: (options) => live.attachLive("live_1", { ...KEY, dial, ...options }),
    connect: (options) => connect({ ...KEY, dial, ...options }),
    connectLiveRelay: (options) => browser.connectLiveRelay("https://example.com/realtime", options),
    connectLiveWebRtc: (options) => browser.connectLiveWebRtc({ exchange, ...options }),
    openLiveChannel: (options) =>
      live.openLiveChannel({ close: () => Promise.resolve() } as never, {} as never, options),
    viaLiveApp: (options) => browser.viaLiveApp("https://example.com/realtime", options),
    connectLive: (options) => live.connectLive({ ...KEY, dial, ...options }),
    connectRelay: (options) => browser.connectRelay("https://example.com/realtime", options),
    connectTranscription: (options) => connectTranscription({ ...KEY, dial, ...options }),
    connectTranslation: (options) => connectTranslation({ ...KEY, dial, ...options }),
    connectVoice: (options) => connectVoice({ ...KEY, dial, ...options }),
    connectVoiceWebRtc: (options) => browser.connectVoiceWebRtc({ exchange, ...options }),
    connectWebRtc: (options) => browser.connectWebRtc({ exchange, ...options }),
    connectWebSocket: (options) => transports.connectWebSocket({ ...KEY, dial, ...options }),
    connectWith: (options) => connectWith({ ...KEY, dial, ...options }),
    createDialer: (options) => transports.createDialer(options),
    createHeaderDialer: (options) => transports.createHeaderDialer(options),
    createRealtimeApp: (options) =>
      hono.createRealtimeApp({ authorize: () => true, session: { type: "realtime", model: "m" }, ...options }),
    createSubprotocolDialer: (options) => transports.createSubprotocolDialer(options),
    createTransport: (options) => transports.createTransport(transports.createMemorySocketPair()[0], options),
    createWorkersDialer: (options) => transports.createWorkersDialer(options),
    dialTransport: (options) =>
      transports.dialTransport(url, { ...KEY, dial, codec: protocol.realtimeCodec, ...options }),
    forkLive: (options) => live.forkLive("live_1", { ...KEY, dial, ...options }),
    openMicrophone: (options) => browser.openMicrophone(options),
    openSession: (options) => sessions.openSession(transport(), options),
    openSessionWith: (options) => sessions.openSessionWith(transport(), options),
    openSpeaker: (options) => browser.openSpeaker(options),
    realtimeHeaders: (options) => transports.realtimeHeaders({ ...KEY, ...options }),
    realtimeUrl: (options) => transports.realtimeUrl(options),
    startCall: (options) => browser.startCall("https://example.com/realtime", options),
    translationUrl: (options) => transports.translationUrl(options),
    viaApp: (options) => browser.viaApp("https://example.com/realtime", options),
    withSecret: (options) => browser.withSecret(() => "ek_1", options),
    "MicrophoneTrack.borrow": (options) => browser.MicrophoneTrack.borrow(new FakeTrack(), options),
    "MicrophoneTrack.open": (options) => browser.MicrophoneTrack.open(options),
    "new CoreSession": (options) => new sessions.CoreSession(transport(), options),
    "new LiveRest": (options) => new live.LiveRest({ ...KEY, ...options }),
    "new RealtimeRest": (options) => new rest.RealtimeRest({ ...KEY, ...options }),
    "new Session": (options) => new sessions.Session(transport(), options),
  };
}

function callsOfSession(session: sessions.Session): Readonly<Record<string, Call>> {
  const message = { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] } as const;
  return {
    "CoreSession.addItem": (options) => session.addItem(message, options),
    "CoreSession.ask": (options) => session.ask("Hi", {}, options),
    "CoreSession.ask with settings": (options) => session.ask("Hi", options),
    // The response of a session that is asked for the first time.
    "CoreSession.cancel": (options) => (session.respond(), session.cancel(options)),
    "CoreSession.clearAudio": (options) => session.clearAudio(options),
    "CoreSession.commitAudio": (options) => (session.appendAudio(new Uint8Array(9_600)), session.commitAudio(options)),
    "CoreSession.deleteItem": (options) => session.deleteItem("item_1", options),
    "CoreSession.drain": (options) => session.drain(options),
    "CoreSession.respond": (options) => session.respond({}, options),
    "CoreSession.respond with settings": (options) => session.respond(options),
    "CoreSession.retrieveItem": (options) => session.retrieveItem("item_1", options),
    "CoreSession.send": (options) => session.send({ type: "input_audio_buffer.clear" }, options),
    "CoreSession.sendMessage": (options) => session.sendMessage("Hi", options),
    "CoreSession.truncateItem": (options) => session.truncateItem("item_1", 1, options),
    "CoreSession.update": (options) => session.update({ instructions: "Hush." }, options),
    "CoreSession.update with changes": (options) => session.update(options),
    "McpApprovalsApi.approveMcp": (options) => session.approveMcp("mcpr_1", options),
    "McpApprovalsApi.denyMcp": (options) => session.denyMcp("mcpr_1", options),
    "ResponseHandle.cancel": (options) => session.respond({ conversation: "none", input: [] }).cancel(options),
    "ToolsApi.setTools": (options) => session.setTools([], options),
    "Transport.send": (options) => transport().send({ type: "input_audio_buffer.clear" }, options),
  };
}

function callsOfVoice(voice: VoiceSession): Readonly<Record<string, Call>> {
  return {
    "TalkTurn.release": async (options) => {
      const turn = voice.talk();
      try {
        await turn.append(new Int16Array(4_800));
        return await turn.release(options);
      } finally {
        turn.cancel();
      }
    },
    "VoiceSession.ask": (options) => voice.ask("Hi", {}, options),
    "VoiceSession.drain": (options) => voice.drain(options),
    "VoiceSession.events": (options) => voice.events(options),
    "VoiceSession.pipe": (options) => voice.pipe(options),
    "VoiceSession.respond": (options) => voice.respond({}, options),
    "VoiceSession.sendMessage": (options) => voice.sendMessage("Hi", options),
    "VoiceSession.waitForPlayout": (options) => voice.waitForPlayout(options),
    "new VoiceSession": (options) => new VoiceSession(new sessions.Session(transport()), options),
  };
}

function callsOfLive(session: live.LiveSession): Readonly<Record<string, Call>> {
  return {
    "LiveSession.close": (options) => session.close(options),
    "LiveSession.decide": (options) => session.decide(options),
    "LiveSession.inform": (options) => session.inform("It rains.", options),
    "LiveSession.instruct": (options) => session.instruct("Be brief.", options),
    "LiveSession.mute": (options) => session.mute(options),
    "LiveSession.pipe": (options) => session.pipe(options),
    "LiveSession.playFixture": (options) => session.playFixture(SAMPLES, options),
    "LiveSession.pressKey": (options) => session.pressKey("1", options),
    "LiveSession.say": (options) => session.say("Hello.", options),
    "LiveSession.send": (options) => session.send({ type: "session.input_audio.mute" }, options),
    "LiveSession.unmute": (options) => session.unmute(options),
    "LiveSession.update": (options) => session.update({}, options),
  };
}

function callsOfRest(): Readonly<Record<string, Call>> {
  const { rest: client } = createStub(() => new Error("Requested"));
  const liveClient = new live.LiveRest({ ...KEY, fetch: () => Promise.reject(new Error("Requested")) });
  const session = { model: "gpt-live-1" };
  return {
    "LiveRest.acceptCall": (options) => liveClient.acceptCall("live_1", session, options),
    "LiveRest.createSession": (options) =>
      liveClient.createSession({ session, transport: { type: "webrtc", sdp: SDP } } as never, options),
    "LiveRest.downloadRecording": (options) => liveClient.downloadRecording("live_1", options),
    "LiveRest.forkSession": (options) =>
      liveClient.forkSession("live_1", { transport: { type: "webrtc", sdp: SDP } } as never, options),
    "LiveRest.hangUp": (options) => liveClient.hangUp("live_1", options),
    "LiveRest.referCall": (options) => liveClient.referCall("live_1", "tel:+1", options),
    "LiveRest.rejectCall": (options) => liveClient.rejectCall("live_1", 486, options),
    "RealtimeRest.acceptCall": (options) => client.acceptCall("rtc_1", { type: "realtime" }, options),
    "RealtimeRest.createCall": (options) => client.createCall({ sdp: SDP }, options),
    "RealtimeRest.createClientSecret": (options) => client.createClientSecret({}, options),
    "RealtimeRest.createTranslationCall": (options) => client.createTranslationCall({ sdp: SDP }, options),
    "RealtimeRest.createTranslationClientSecret": (options) =>
      client.createTranslationClientSecret({ session: { model: "m" } }, options),
    "RealtimeRest.hangUpCall": (options) => client.hangUpCall("rtc_1", options),
    "RealtimeRest.referCall": (options) => client.referCall("rtc_1", "tel:+1", options),
    "RealtimeRest.rejectCall": (options) => client.rejectCall("rtc_1", options),
    createReplayGuard: (options) => hono.createReplayGuard(options),
    denoKvStore: (options) => hono.denoKvStore({} as never, options),
    memoryStore: (options) => hono.memoryStore(options),
    redisStore: (options) => hono.redisStore({} as never, options),
    verifyWebhook: (options) =>
      rest.verifyWebhook(new Request("https://example.com", { method: "POST" }), "whsec_c2VjcmV0", options),
  };
}

function callsOfAudio(): Readonly<Record<string, Call>> {
  const rates = { from: 8_000, to: 24_000 };
  return {
    bytesPerFrame: (options) => audio.bytesPerFrame(options),
    bytesToMs: (options) => audio.bytesToMs(2, options),
    chunkAudio: (options) => audio.chunkAudio(options),
    createAudioChunker: (options) => audio.createAudioChunker(options),
    createLevelMeter: (options) => audio.createLevelMeter(options),
    createResampler: (options) => audio.createResampler({ ...rates, ...options }),
    createWavReader: (options) => audio.createWavReader(options),
    createWavWriter: (options) => audio.createWavWriter(options),
    framesPerSecond: (options) => audio.framesPerSecond(options),
    meterAudio: (options) => audio.meterAudio({ onLevel: () => {}, ...options }),
    msToBytes: (options) => audio.msToBytes(1, options),
    readWav: (options) => audio.readWav(audio.writeWav(SAMPLES), options),
    readWavStream: (options) => audio.readWavStream(options),
    resample: (options) => audio.resample(SAMPLES, { ...rates, ...options }),
    resampleAudio: (options) => audio.resampleAudio({ ...rates, ...options }),
    silence: (options) => audio.silence(1, options),
    stringifyClientEvent: (options) => protocol.stringifyClientEvent({ type: "input_audio_buffer.clear" }, options),
    stringifyLiveClientEvent: (options) =>
      protocol.stringifyLiveClientEvent({ type: "session.input_audio.mute" }, options),
    stringifyTranslationClientEvent: (options) =>
      protocol.stringifyTranslationClientEvent({ type: "session.close" }, options),
    "Codec.stringify": (options) =>
      protocol.uncheckedRealtimeCodec.stringify({ type: "input_audio_buffer.clear" }, options),
    wavHeader: (options) => audio.wavHeader(options),
    writeWav: (options) => audio.writeWav(SAMPLES, options),
    writeWavStream: (options) => audio.writeWavStream(options),
  };
}

function callsOfParts(session: sessions.Session): Readonly<Record<string, Call>> {
  return {
    defineTool: (options) => defineTool({ name: "sum", run: () => 3, ...options }),
    guardTranscript: (options) =>
      sessions.guardTranscript(session, { check: () => undefined, onError: () => {}, ...options }),
    mcpApprovalsPart: (options) => sessions.mcpApprovalsPart(options),
    recoveryPart: (options) => sessions.recoveryPart({ open: () => Promise.reject(new Error("Opened")), ...options }),
    tapFrames: (options) => sessions.tapFrames(dial, () => {}, options),
    toolsPart: (options) => sessions.toolsPart(options),
    usagePart: (options) => sessions.usagePart(options),
  };
}

function callsOfSimulator(simulator: simulated.Simulator): Readonly<Record<string, Call>> {
  const write = () => {};
  const call = { webhookUrl: "https://example.com", secret: "whsec_c2VjcmV0" };
  return {
    createRecorder: (options) => simulated.createRecorder({ write, ...options }),
    createScenarioModel: (options) => simulated.createScenarioModel({ turns: [] }, options),
    createSimulator: (options) => simulated.createSimulator(options),
    createVirtualClock: (options) => simulated.createVirtualClock(options),
    loadScenario: (options) =>
      simulated.loadScenario({ turns: [] }, { read: () => Promise.reject(new Error("Read")), ...options }),
    recordSocket: (options) => simulated.recordSocket(transports.createMemorySocketPair()[0], { write, ...options }),
    recordTransport: (options) => simulated.recordTransport(transport(), { write, ...options }),
    replayRecording: (options) => simulated.replayRecording([], options),
    sampleArguments: (options) => simulated.sampleArguments({ type: "object" }, options),
    speechDurationMs: (options) => simulated.speechDurationMs("Hi", options),
    synthesizeSpeech: (options) => simulated.synthesizeSpeech("Hi", options),
    "Simulator.ringLiveCall": (options) => simulator.ringLiveCall({ ...call, ...options }),
    "Simulator.ringSipCall": (options) => simulator.ringSipCall({ ...call, ...options }),
    "Simulator.transport": (options) => simulator.transport(options),
  };
}
