// This module is browser compatible.
import type { ToolSession } from "../../tools/mod.ts";
import type { LiveAudioOptions, LiveSessionOptions } from "../live_options.ts";
import type { LiveTransport } from "../live_transport.ts";
import type { ChannelMedia, LiveLink } from "./link.ts";
import type { SurvivingLine } from "./surviving_line.ts";

/** Kinds of text for the model, as the wire calls them. */
export type LiveAppendKind = "commentary" | "thinking" | "instructions";

/** What the core needs of the session around it. */
export interface LiveCoreOptions extends LiveSessionOptions, LiveAudioOptions {
  /** The connection, which is open. */
  readonly transport: LiveTransport;
  /** The connection as well, when the session survives its end. */
  readonly line?: SurvivingLine | undefined;
  /** Which connection it is. */
  readonly connection: LiveLink;
  /** The audio, where it does not pass the connection. */
  readonly media?: ChannelMedia | undefined;
  /** The session, as tools see it. */
  readonly toolSession: ToolSession;
}
