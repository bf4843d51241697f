// This module is browser compatible.
import type { LiveConnection } from "../../protocol/mod.ts";
import type { ToolSession } from "../../tools/mod.ts";
import type { LiveAudioOptions, LiveSessionOptions } from "../live_options.ts";
import type { LiveTransport } from "../live_transport.ts";

/** Kinds of text for the model, as the wire calls them. */
export type LiveAppendKind = "commentary" | "thinking" | "instructions";

/** What the core needs of the session around it. */
export interface LiveCoreOptions extends LiveSessionOptions, LiveAudioOptions {
  /** The connection, which is open. */
  readonly transport: LiveTransport;
  /** Which connection it is. */
  readonly connection: LiveConnection;
  /** The session, as tools see it. */
  readonly toolSession: ToolSession;
}
