import type { Session } from "@oai-rt/edge";
import { connectVoiceWebRtc, MicrophoneTrack, startCall, viaApp, type WebRtcCall } from "@oai-rt/edge/browser";
import { runTool } from "./weather.ts";
import { type Talk, type TalkChoices, type TalkListener, toLogger } from "./talk.ts";

/** Sound of the turn that is still on its way to the server when the button is released, in milliseconds. */
const TAIL_MS = 250;

/** Talks over WebRTC; the page is in control. */
export function openWebRtcTalk(choices: TalkChoices, listener: TalkListener): Promise<Talk> {
  return withMicrophone(choices, async (microphone) => {
    const voice = await connectVoiceWebRtc({
      exchange: viaApp("/realtime", { session: { audio: { output: { voice: choices.voice } } } }),
      microphone,
      signal: choices.signal,
      turnDetection: choices.mode === "hands-free" ? "server_vad" : null,
      dispatchTool: ({ arguments: args, name }) => runTool(name, args),
      logger: toLogger(choices.log),
    });
    const { call, closed, session } = voice;
    const turn = createTurn(microphone, session);
    // Also when the connection is lost, which the server cannot report.
    voice.on("playback_started", () => listener.heard(true));
    voice.on("playback_stopped", () => listener.heard(false));
    return toTalk(call, microphone, choices, listener, {
      controller: "page",
      session,
      voice,
      interrupt: async () => void await voice.bargeIn(),
      async press() {
        await Promise.all([turn.press(), voice.bargeIn()]);
      },
      release: turn.release,
      async close() {
        await voice.close();
      },
      closed,
    });
  });
}

/** A turn of push-to-talk: the microphone is muted, except while the button is held. */
function createTurn(microphone: MicrophoneTrack, session: Session): Pick<Talk, "press" | "release"> {
  /** The last sound is still on its way; the turn goes on if the button is pressed again. */
  let tail: ReturnType<typeof setTimeout> | undefined;
  return {
    async press() {
      const goesOn = tail !== undefined;
      clearTimeout(tail);
      tail = undefined;
      microphone.unmute();
      if (!goesOn) await session.clearAudio();
    },
    async release() {
      await new Promise<void>((resolve) => tail = setTimeout(resolve, TAIL_MS));
      tail = undefined;
      microphone.mute();
      await session.commitAudio();
      session.respond();
    },
  };
}

/** Talks over WebRTC; the server is in control, and the page has a read-only view. */
export function openControlledTalk(choices: TalkChoices, listener: TalkListener): Promise<Talk> {
  return withMicrophone(choices, async (microphone) => {
    const call = await startCall("/realtime", {
      session: { audio: { output: { voice: choices.voice } } },
      microphone,
      signal: choices.signal,
      logger: toLogger(choices.log),
    });
    followPlayback(call.session, listener);
    return toTalk(call, microphone, choices, listener, {
      controller: "server",
      session: call.session,
      voice: undefined,
      interrupt: () => Promise.reject(new TypeError("Speak to interrupt: the server is in control")),
      press: () => Promise.resolve(),
      release: () => Promise.resolve(),
      close: () => call.hangUp(),
      closed: call.closed,
    });
  });
}

/** Asks for the microphone, then calls; it is released when the call does not come about, or has ended. */
async function withMicrophone(
  { microphoneId, mode, onMicrophone, signal }: TalkChoices,
  call: (microphone: MicrophoneTrack) => Promise<Talk>,
): Promise<Talk> {
  const microphone = await MicrophoneTrack.open({ deviceId: microphoneId || undefined, signal });
  try {
    if (mode === "push-to-talk") microphone.mute();
    onMicrophone();
    const talk = await call(microphone);
    void talk.closed.then(() => microphone.stop());
    return talk;
  } catch (error) {
    microphone.stop();
    throw error;
  }
}

/** The parts in which the two kinds of calls differ. */
type OwnTalk = Pick<
  Talk,
  "controller" | "session" | "voice" | "interrupt" | "press" | "release" | "close" | "closed"
>;

/** Creates a talk from a call: the common part of both kinds. */
function toTalk(
  call: WebRtcCall,
  microphone: MicrophoneTrack,
  choices: TalkChoices,
  listener: TalkListener,
  own: OwnTalk,
): Talk {
  call.on("connection", ({ state }) => listener.interrupted(state === "interrupted"));
  call.on("playback_blocked", () => listener.blocked());
  microphone.on("lost", ({ error }) => listener.microphoneLost(error));
  call.volume = choices.volume;
  if (choices.speakerId) call.setSpeaker(choices.speakerId).catch((error) => console.warn(error));
  return {
    ...own,
    get inputLevel() {
      return call.inputLevel;
    },
    get outputLevel() {
      return call.outputLevel;
    },
    get isBlocked() {
      return call.isPlaybackBlocked;
    },
    unblock: () => call.resumePlayback(),
    mute: (isMuted: boolean) => isMuted ? microphone.mute() : microphone.unmute(),
    setMicrophone: (deviceId: string) => microphone.switchTo(deviceId),
    setSpeaker: (deviceId: string) => call.setSpeaker(deviceId),
    setVolume: (volume: number) => void (call.volume = volume),
    stats: () => call.stats(),
  };
}

/** The server plays, and reports when. */
function followPlayback(session: Session, listener: TalkListener): void {
  session.on("output_audio_buffer.started", () => listener.heard(true));
  session.on("output_audio_buffer.stopped", () => listener.heard(false));
  session.on("output_audio_buffer.cleared", () => listener.heard(false));
}
