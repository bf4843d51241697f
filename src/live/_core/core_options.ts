// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { ToolSession } from "../../tools/mod.ts";
import type { LiveForkSessionConfig, LiveSessionConfig } from "../../protocol/mod.ts";
import type { LiveAudioOptions, LiveSessionOptions } from "../live_options.ts";
import type { LiveTransport } from "../live_transport.ts";
import type { ChannelMedia, LiveLink } from "./link.ts";
import type { SurvivingLine } from "./surviving_line.ts";

/** Kinds of text for the model, in the spelling of the wire. */
export type LiveAppendKind = "commentary" | "thinking" | "instructions";

/** Dependencies of the core. */
export interface LiveCoreOptions extends LiveSessionOptions, LiveAudioOptions {
  /** The open connection. */
  readonly transport: LiveTransport;
  /** Source of time. */
  readonly clock: Clock;
  /** The same connection, if the session survives its end. */
  readonly line?: SurvivingLine | undefined;
  /** The type of the connection. */
  readonly connection: LiveLink;
  /** The audio, if it does not pass the connection. */
  readonly media?: ChannelMedia | undefined;
  /** The settings of `session.start`; absent when joining a session. */
  readonly requested?: LiveSessionConfig | LiveForkSessionConfig | undefined;
  /** The session, as tools see it. */
  readonly toolSession: ToolSession;
}
