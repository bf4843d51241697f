import {
  connectLiveRelay,
  connectLiveWebRtc,
  openMicrophone,
  openSpeaker,
  type Speaker,
  viaLiveApp,
} from "@oai-rt/edge/browser";
import type { LiveSession } from "@oai-rt/edge/live";

/** A Live session with its microphone and its loudspeaker, however they are connected. */
export interface LiveTalk {
  readonly session: LiveSession;
  /** Levels from 0 to 1. */
  readonly inputLevel: number;
  readonly outputLevel: number;
  /** Releases everything that the page has opened. */
  release(): void;
}

/** What a session needs of the page. */
export interface LiveTalkChoices {
  readonly transport: "webrtc" | "relay";
  readonly signal: AbortSignal;
  /** The microphone is gone. */
  readonly onMicrophoneLost: (error: Error) => void;
}

/** Starts a session through the app. The microphone is requested before anything is dialled. */
export function openLiveTalk(choices: LiveTalkChoices): Promise<LiveTalk> {
  return choices.transport === "webrtc" ? overWebRtc(choices) : overRelay(choices);
}

/** The browser carries the sound. */
async function overWebRtc({ onMicrophoneLost, signal }: LiveTalkChoices): Promise<LiveTalk> {
  const session = await connectLiveWebRtc({ exchange: viaLiveApp("/realtime"), signal });
  const { call } = session;
  call.microphone?.on("lost", ({ error }) => onMicrophoneLost(error));
  return {
    session,
    get inputLevel() {
      return call.inputLevel;
    },
    get outputLevel() {
      return call.outputLevel;
    },
    release() {},
  };
}

/** The page records and plays. */
async function overRelay({ onMicrophoneLost, signal }: LiveTalkChoices): Promise<LiveTalk> {
  const microphone = await openMicrophone({ signal });
  microphone.on("lost", ({ error }) => onMicrophoneLost(error));
  let speaker: Speaker | undefined;
  try {
    const output = speaker = await openSpeaker();
    const session = await connectLiveRelay("/realtime", { signal, overflow: "drop-oldest" });
    void session.pipe({ from: microphone, to: output });
    return {
      session,
      get inputLevel() {
        return microphone.level;
      },
      get outputLevel() {
        return output.level;
      },
      release() {
        microphone.stop();
        output.stop();
      },
    };
  } catch (error) {
    microphone.stop();
    speaker?.stop();
    throw error;
  }
}
