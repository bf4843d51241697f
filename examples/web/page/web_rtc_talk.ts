import type { Session } from "@oai-rt/edge";
import { connectVoiceWebRtc, MicrophoneTrack, startCall, viaApp, type WebRtcCall } from "@oai-rt/edge/browser";
import { runTool } from "./weather.ts";
import type { Talk, TalkChoices, TalkListener } from "./talk.ts";

/** Sound of the turn that is still on its way to the server when the button is released, in milliseconds. */
const TAIL_MS = 250;

/** Talks over WebRTC; the page is in control. */
export async function openWebRtcTalk(choices: TalkChoices, listener: TalkListener): Promise<Talk> {
  const microphone = await openMicrophoneTrack(choices);
  try {
    const voice = await connectVoiceWebRtc({
      exchange: viaApp("/realtime", { session: { audio: { output: { voice: choices.voice } } } }),
      microphone,
      signal: choices.signal,
      turnDetection: choices.mode === "hands-free" ? "server_vad" : null,
      dispatchTool: ({ arguments: args, name }) => runTool(name, args),
      logger: toLogger(choices.log),
    });
    const { call, session } = voice;
    followPlayback(session, listener);
    return {
      ...mediaOf(call, microphone, choices, listener),
      controller: "page",
      session,
      voice,
      get inputLevel() {
        return call.inputLevel;
      },
      get outputLevel() {
        return call.outputLevel;
      },
      get isBlocked() {
        return call.isPlaybackBlocked;
      },
      interrupt: async () => void await voice.bargeIn(),
      press() {
        void voice.bargeIn();
        void session.clearAudio();
        microphone.unmute();
      },
      async release() {
        await new Promise((resolve) => setTimeout(resolve, TAIL_MS));
        microphone.mute();
        await session.commitAudio();
        session.respond();
      },
      async close() {
        await voice.close();
      },
      closed: voice.closed.finally(() => microphone.stop()),
    };
  } catch (error) {
    microphone.stop();
    throw error;
  }
}

/** Talks over WebRTC; the server is in control, and the page only sees what it shows. */
export async function openControlledTalk(choices: TalkChoices, listener: TalkListener): Promise<Talk> {
  const microphone = await openMicrophoneTrack(choices);
  try {
    const call = await startCall("/realtime", {
      session: { audio: { output: { voice: choices.voice } } },
      microphone,
      signal: choices.signal,
      logger: toLogger(choices.log),
    });
    followPlayback(call.session, listener);
    return {
      ...mediaOf(call, microphone, choices, listener),
      controller: "server",
      session: call.session,
      voice: undefined,
      get inputLevel() {
        return call.inputLevel;
      },
      get outputLevel() {
        return call.outputLevel;
      },
      get isBlocked() {
        return call.isPlaybackBlocked;
      },
      interrupt: () => Promise.reject(new TypeError("Speak to interrupt: the server is in control")),
      press() {},
      release: () => Promise.resolve(),
      close: () => call.hangUp(),
      closed: call.closed.finally(() => microphone.stop()),
    };
  } catch (error) {
    microphone.stop();
    throw error;
  }
}

async function openMicrophoneTrack(
  { microphoneId, mode, onMicrophone, signal }: TalkChoices,
): Promise<MicrophoneTrack> {
  const microphone = await MicrophoneTrack.open({ deviceId: microphoneId || undefined, signal });
  if (mode === "push-to-talk") microphone.mute();
  onMicrophone();
  return microphone;
}

/** What both kinds of call have in common. */
function mediaOf(call: WebRtcCall, microphone: MicrophoneTrack, choices: TalkChoices, listener: TalkListener) {
  call.on("connection", ({ state }) => listener.interrupted(state === "interrupted"));
  call.on("playback_blocked", () => listener.blocked());
  microphone.on("lost", ({ error }) => listener.microphoneLost(error));
  call.volume = choices.volume;
  if (choices.speakerId) call.setSpeaker(choices.speakerId).catch((error) => console.warn(error));
  return {
    unblock: () => call.resumePlayback(),
    mute: (isMuted: boolean) => isMuted ? microphone.mute() : microphone.unmute(),
    setMicrophone: (deviceId: string) => microphone.switchTo(deviceId),
    setSpeaker: (deviceId: string) => call.setSpeaker(deviceId),
    setVolume: (volume: number) => void (call.volume = volume),
    stats: () => call.stats(),
  };
}

/** The server plays, and says when. */
function followPlayback(session: Session, listener: TalkListener): void {
  session.on("output_audio_buffer.started", () => listener.heard(true));
  session.on("output_audio_buffer.stopped", () => listener.heard(false));
  session.on("output_audio_buffer.cleared", () => listener.heard(false));
}

/** A logger of a session that shows its lines. */
export function toLogger(log: (line: string) => void) {
  return { debug: log, info: log, warn: log, error: log };
}
