// This module is browser compatible.
import type { OptionNames } from "./_internal/check_options.ts";
import type { OpenCoreSessionOptions, RecoveryOptions, SessionLimits, SessionOptions } from "./session/mod.ts";
import type { ConnectWebSocketOptions, Transport } from "./transport/mod.ts";

/**
 * Options of {@linkcode connectWith}.
 *
 * @category Connecting
 */
export interface ConnectWithOptions extends ConnectWebSocketOptions, Omit<OpenCoreSessionOptions, "type" | "sideband"> {
  /**
   * A connection that is open already, in memory or over WebRTC; nothing is dialled then. It is closed when no session
   * can be opened over it. When it is `shared`, the session is, and does not wait for `session.created`.
   */
  transport?: Transport | undefined;
}

/**
 * Options of {@linkcode connect}.
 *
 * @category Connecting
 */
export interface ConnectOptions extends ConnectWithOptions, SessionOptions {
  /**
   * How the session survives a drop of its connection, and its end at 60 minutes; `false` lets it end with the connection.
   * Without it the session survives when it dials itself and has a key, or a function that gives one. A client secret
   * (`ek_…`) serves once, and a `transport` cannot be opened again: with these it ends.
   */
  recovery?: RecoveryOptions | false | undefined;
}

/** The names of the {@linkcode SessionLimits}, for `checkOptions`. */
export const LIMIT_NAMES: OptionNames<SessionLimits> = {
  hangUp: 1,
  idleMs: 1,
  maxCostUsd: 1,
  maxDurationMs: 1,
  prices: 1,
  toolRounds: 1,
};

/** The names of the {@linkcode ConnectWithOptions}, for `checkOptions`. */
export const CONNECT_WITH_NAMES: OptionNames<ConnectWithOptions> = {
  ackTimeoutMs: 1,
  apiKey: 1,
  azure: 1,
  baseUrl: 1,
  callId: 1,
  clock: 1,
  dial: 1,
  instructions: 1,
  intent: 1,
  makeId: 1,
  model: 1,
  noiseReduction: 1,
  onUnhandled: 1,
  organization: 1,
  outputModalities: 1,
  project: 1,
  reasoning: 1,
  safetyIdentifier: 1,
  session: 1,
  shared: 1,
  signal: 1,
  timeoutMs: 1,
  transcription: 1,
  transport: 1,
  turnDetection: 1,
  voice: 1,
};

/** The names of the {@linkcode ConnectOptions}, for `checkOptions`. */
export const CONNECT_NAMES: OptionNames<ConnectOptions> = {
  ...CONNECT_WITH_NAMES,
  dispatchTool: 1,
  limits: 1,
  logger: 1,
  onMcpApproval: 1,
  onToolApproval: 1,
  recovery: 1,
  sideband: 1,
  toolFollowUp: 1,
  tools: 1,
};
