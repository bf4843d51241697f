// This module is browser compatible.
import type { LiveSessionResource } from "../../protocol/mod.ts";
import type { BackendCalls } from "../_delegation/backend_calls.ts";
import type { LiveCloseResult } from "../live_events.ts";
import type { LiveTransport } from "../live_transport.ts";
import type { LiveNews } from "./live_news.ts";
import type { PendingCommands } from "./pending.ts";
import type { TurnMaker } from "./turn_maker.ts";

/** The parts of a session that are affected by the end of its connection. */
export interface LiveLineHost {
  readonly news: LiveNews;
  readonly pending: PendingCommands;
  readonly calls: BackendCalls;
  readonly turns: TurnMaker;
  /** The session as last reported by the server. */
  readonly config: LiveSessionResource | undefined;
  /** Resolves when the session has ended. */
  readonly closed: Promise<LiveCloseResult>;
}

/** A line to a session that continues without it: one connection after another. */
export interface SurvivingLine extends LiveTransport {
  /** Whether there is a connection, or will be. */
  readonly state: "open" | "reconnecting" | "closed";
  /** Resolves when events reach the server; `undefined` when they do. */
  readonly opened: Promise<void> | undefined;
  /** Starts replacing connections that end. */
  recover(host: LiveLineHost): void;
}
