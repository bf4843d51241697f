// This module is browser compatible.
import { liveCodec } from "../protocol/mod.ts";
import { checkLiveOptions } from "./_option_names.ts";
import { openLive } from "./_open_live.ts";
import { LevelSpeech } from "./_core/level_speech.ts";
import type { LiveMedia } from "./live_media.ts";
import { LIVE_CHANNEL_OPTIONS, type LiveChannelOptions } from "./live_options.ts";
import type { LiveSession } from "./live_session.ts";
import type { LiveTransport } from "./live_transport.ts";

/** Default loudness from which the model counts as heard. */
const DEFAULT_LEVEL = 0.005;

/**
 * Opens a Live session whose media is carried separately from its events, on an open data channel: whoever established
 * the connection has started the session. There is no keeper, as a media track keeps time; `input` accepts nothing and
 * `output` produces nothing. In a page use `connectLiveWebRtc` of `@oai-rt/edge/browser`.
 *
 * @param transport events in and out, with `liveCodec`.
 * @param media the audio.
 * @throws {TypeError} when the transport or the media is missing, or an option is unknown.
 * @throws {RangeError} when a time is out of range.
 * @category Sessions
 */
export async function openLiveChannel(
  transport: LiveTransport,
  media: LiveMedia,
  options: LiveChannelOptions = {},
): Promise<LiveSession> {
  checkLiveOptions("open a session", options, LIVE_CHANNEL_OPTIONS);
  // Without a transport, a session would be dialled.
  checkPart("transport", transport, "send");
  checkPart("media", media, "mute");
  const { id, speechLevel: threshold = DEFAULT_LEVEL, ...rest } = options;
  if (threshold !== false && !(threshold > 0 && threshold < 1)) {
    throw new RangeError(`Cannot open a session as speechLevel must be between 0 and 1: current value is ${threshold}`);
  }
  const level = media.level?.bind(media);
  return await openLive({
    options: { ...rest, transport },
    codec: liveCodec,
    connection: "channel",
    path: "",
    id,
    media: {
      channel: media,
      detect: (clock, onSpeech, onError) =>
        threshold === false || !level ? undefined : new LevelSpeech({ level, threshold, clock, onSpeech, onError }),
    },
  });
}

function checkPart<T extends object>(name: string, part: T, method: keyof T & string): void {
  if (typeof (part as T | undefined)?.[method] === "function") return;
  throw new TypeError(`Cannot open a session as ${name} must have ${method}(): current value is ${part}`);
}
