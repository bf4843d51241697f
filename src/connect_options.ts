// This module is browser compatible.
import { joinNames, type OptionNames } from "./_internal/check_options.ts";
import { aFunction, aNumber, aTransport } from "./_internal/option_kinds.ts";
import type { OpenCoreSessionOptions, RecoveryOptions } from "./session/mod.ts";
import { SESSION_NAMES, type SessionOptions } from "./session/session_options.ts";
import { SETTING_NAMES } from "./session/session_settings.ts";
import type { ConnectWebSocketOptions, Transport } from "./transport/mod.ts";
import { WEB_SOCKET_NAMES } from "./transport/target.ts";

/**
 * Options of {@linkcode connectWith}.
 *
 * @category Connecting
 */
export interface ConnectWithOptions extends ConnectWebSocketOptions, Omit<OpenCoreSessionOptions, "type" | "sideband"> {
  /**
   * A connection that is already open, in memory or over WebRTC; nothing is dialled then. It is closed if no session
   * can be opened over it. If it is `shared`, so is the session, and opening does not wait for `session.created`.
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
   * How the session survives a dropped connection, and its end at 60 minutes; with `false`, it ends with its connection.
   * A client secret (`ek_…`) expires soon, and a `transport` cannot be opened again: with these, the session ends, unless
   * a client secret is given with recovery options.
   *
   * @default {undefined} on if the session dials itself and has a key, or a function that returns one
   */
  recovery?: RecoveryOptions | false | undefined;
}

/** The names of the {@linkcode ConnectWithOptions}, for `checkOptions`. */
export const CONNECT_WITH_NAMES = /* @__PURE__ */ joinNames((): OptionNames<ConnectWithOptions> => ({
  ...WEB_SOCKET_NAMES,
  ...SETTING_NAMES,
  ackTimeoutMs: aNumber,
  makeId: aFunction,
  onUnhandled: aFunction,
  shared: 1,
  transport: aTransport,
}));

/** The names of the {@linkcode ConnectOptions}, for `checkOptions`. */
export const CONNECT_NAMES = /* @__PURE__ */ joinNames((): OptionNames<ConnectOptions> => ({
  ...CONNECT_WITH_NAMES,
  ...SESSION_NAMES,
  recovery: 1,
}));
