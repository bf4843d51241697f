// This module is browser compatible.
import type { LiveConnection } from "../../protocol/mod.ts";
import type { LiveMedia } from "../live_media.ts";

/** How a session is reached: by one of the API's sockets, or by a data channel with its media beside it. */
export type LiveLink = LiveConnection | "channel";

/** The media beside a data channel, and how loud the model must be to count as heard. */
export interface ChannelMedia {
  readonly channel: LiveMedia;
  readonly speechLevel: number | false | undefined;
}

/** Whether the session was started by somebody else. */
export function isJoined(link: LiveLink): boolean {
  return link === "sideband" || link === "channel";
}
