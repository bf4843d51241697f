import type { Talk, TalkChoices, TalkListener } from "./talk.ts";
import { openControlledTalk, openWebRtcTalk } from "./web_rtc_talk.ts";
import { openWebSocketTalk } from "./web_socket_talk.ts";

/**
 * Starts a conversation of the kind that the user has chosen. The microphone is requested before anything is dialled.
 */
export function openTalk(choices: TalkChoices, listener: TalkListener): Promise<Talk> {
  if (choices.kind === "webrtc") return openWebRtcTalk(choices, listener);
  if (choices.kind === "call") return openControlledTalk(choices, listener);
  return openWebSocketTalk(choices, listener);
}
