import { ConnectionError, connectVoice, type VoiceSession } from "@oai-rt/edge";
import {
  connectRelay,
  type Microphone,
  openMicrophone,
  openSpeaker,
  type RelayConnectionState,
  type Speaker,
} from "@oai-rt/edge/browser";
import { runTool } from "./weather.ts";
import { type Talk, type TalkChoices, type TalkListener, toLogger } from "./talk.ts";

/** Talks over a WebSocket, to the API itself or through the app's relay; the page records and plays. */
export async function openWebSocketTalk(choices: TalkChoices, listener: TalkListener): Promise<Talk> {
  const { microphoneId, mode, signal, speakerId, volume } = choices;
  const microphone = await openMicrophone({ deviceId: microphoneId || undefined, signal });
  if (mode === "push-to-talk") microphone.mute();
  choices.onMicrophone();
  let speaker: Speaker | undefined;
  try {
    speaker = await openSpeaker({ deviceId: speakerId || undefined, volume });
    const voice = await connectOver(choices, listener);
    if (speaker.isBlocked) listener.blocked();
    return join(voice, microphone, speaker, choices, listener);
  } catch (error) {
    microphone.stop();
    speaker?.stop();
    throw error;
  }
}

async function connectOver(
  { kind, log, mode, signal, voice }: TalkChoices,
  listener: TalkListener,
): Promise<VoiceSession> {
  const options = {
    signal,
    turnDetection: mode === "hands-free" ? "server_vad" : null,
    dispatchTool: ({ arguments: args, name }: { arguments: string; name: string }) => runTool(name, args),
    playbackSource: "reported",
    overflow: "drop-oldest",
    logger: toLogger(log),
    ...mode === "push-to-talk" && { preRollMs: 200 },
  } as const;
  if (kind === "relay") {
    const clientMayOverride = ["audio.input.turn_detection", "audio.output.voice"];
    const onConnection = ({ state }: RelayConnectionState) => listener.interrupted(state === "interrupted");
    return await connectRelay("/realtime", { ...options, voice, clientMayOverride, onConnection });
  }
  const secret = async () => {
    const body = JSON.stringify({ session: { audio: { output: { voice } } } });
    const headers = { "content-type": "application/json" };
    const { value } = await fetchJson("/realtime/client_secrets", { method: "POST", headers, body, signal });
    return String(value);
  };
  const { baseUrl } = await fetchJson("/api.json", { signal });
  return await connectVoice({ ...options, apiKey: secret, ...typeof baseUrl === "string" && { baseUrl } });
}

/** Requests JSON from the demo's server; a failure becomes an error that the page can explain. */
async function fetchJson(url: string, init: RequestInit): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, init).catch((cause) => {
    init.signal?.throwIfAborted();
    throw new ConnectionError(`Cannot reach ${url}`, { kind: "unreachable", url, cause });
  });
  const { status } = response;
  // Something else may answer in its place, e.g. with a page for signing in.
  const json = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (json) return json;
  init.signal?.throwIfAborted();
  throw new ConnectionError(`Cannot use ${url} as it was refused with status ${status}`, {
    kind: "refused",
    url,
    status,
  });
}

function join(
  voice: VoiceSession,
  first: Microphone,
  speaker: Speaker,
  { mode }: TalkChoices,
  listener: TalkListener,
): Talk {
  let turn: ReturnType<VoiceSession["talk"]> | undefined;
  let isHeard = false;
  const setHeard = (value: boolean) => {
    if (value !== isHeard) listener.heard(isHeard = value);
  };
  // After a cut the last few milliseconds fade out, which do not count as heard.
  let isCut = false;
  speaker.onPlayed(() => {
    isCut &&= speaker.waitingMs > 0;
    setHeard(speaker.waitingMs > 0 && !isCut);
  });
  voice.on("interrupted", () => {
    isCut = speaker.waitingMs > 0;
    setHeard(false);
  });
  let microphone = first;
  let isLost = false;
  const speakInto = (next: Microphone) => {
    microphone = next;
    isLost = false;
    microphone.on("lost", ({ error }) => {
      isLost = true;
      listener.microphoneLost(error);
    });
    void voice.pipe({ from: next });
    void voice.closed.then(() => next.stop());
  };
  speakInto(first);
  void speaker.play(voice).catch((error) => console.error(error)).finally(() => speaker.stop());
  return {
    controller: "page",
    session: voice.session,
    voice,
    get inputLevel() {
      return microphone.muted ? 0 : microphone.level;
    },
    get outputLevel() {
      return speaker.level;
    },
    get isBlocked() {
      return speaker.isBlocked;
    },
    unblock: () => speaker.resume(),
    mute: (isMuted) => isMuted ? microphone.mute() : microphone.unmute(),
    async setMicrophone(deviceId) {
      if (!isLost) return await microphone.switchTo(deviceId);
      // The stream of one that was lost has ended.
      const next = await openMicrophone({ deviceId: deviceId || undefined });
      if (microphone.muted) next.mute();
      speakInto(next);
    },
    setSpeaker: (deviceId) => speaker.switchTo(deviceId),
    setVolume: (volume) => void (speaker.volume = volume),
    interrupt: async () => void await voice.bargeIn(),
    press() {
      if (mode !== "push-to-talk" || turn) return;
      microphone.unmute();
      turn = voice.talk();
    },
    async release() {
      const ending = turn?.release();
      turn = undefined;
      // Not later, as another turn may have begun by then.
      microphone.mute();
      await ending;
    },
    async close() {
      speaker.stop();
      await voice.close();
    },
    closed: voice.closed,
  };
}
