import { callListener } from "../../_internal/call_listener.ts";
import { systemClock } from "../../_internal/clock.ts";
import { createDialer } from "../../transport/mod.ts";
import { logError } from "./log_error.ts";
import { assertOptions, assertSession, OPTION_RULES, RELAY_LIMIT_RULES } from "./option_rules.ts";
import type { RealtimeAppOptions } from "../realtime_app_options.ts";
import type { RelayLimits } from "../relay_limits.ts";
import { createReplayGuard } from "../replay_guard.ts";

/** How many bytes a body may have unless told otherwise. */
const DEFAULT_MAX_BODY_BYTES = 65_536;
/** How long a request may take unless told otherwise, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 15_000;
/** How long a client secret can start sessions unless told otherwise, in seconds. */
const DEFAULT_EXPIRY_SECONDS = 60;

type Defaulted =
  | "basePath"
  | "clientMayOverride"
  | "clock"
  | "dial"
  | "expiresAfterSeconds"
  | "maxBodyBytes"
  | "now"
  | "onError"
  | "replayGuard"
  | "timeoutMs";

/** The bounds of a relay, all of them. */
export type Limits = { readonly [Name in keyof Required<RelayLimits>]: number };

/** The options, with what they are by default. */
export type Settings =
  & Readonly<Omit<RealtimeAppOptions, Defaulted | "relayLimits">>
  & { readonly [Name in Defaulted]: NonNullable<RealtimeAppOptions[Name]> }
  & { readonly relayLimits: Limits };

/**
 * Checks the options of an app, once and for all, and fills in the rest.
 *
 * @throws {TypeError} when one is missing, misspelt or of the wrong type, or the session breaks a rule of the protocol.
 * @throws {RangeError} when a value is not allowed.
 */
export function toSettings(options: RealtimeAppOptions): Settings {
  const action = "create the app";
  assertOptions(options, OPTION_RULES, action);
  if (typeof options.session !== "function") assertSession(options.session, action);
  const { relayLimits = {} } = options;
  assertOptions(relayLimits, RELAY_LIMIT_RULES, `${action} with these relayLimits`);
  const { clock = systemClock, now = Date.now, onError = logError } = options;
  return {
    ...options,
    basePath: options.basePath ?? "/",
    clientMayOverride: [...options.clientMayOverride ?? []],
    clock,
    dial: options.dial ?? createDialer({ clock }),
    expiresAfterSeconds: options.expiresAfterSeconds ?? DEFAULT_EXPIRY_SECONDS,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    now,
    onError: (error, c) => callListener(() => onError(error, c), (failure) => logError(failure, c)),
    relayLimits: {
      maxFrameCharacters: relayLimits.maxFrameCharacters ?? 1_048_576,
      framesPerSecond: relayLimits.framesPerSecond ?? 200,
      charactersPerSecond: relayLimits.charactersPerSecond ?? 1_048_576,
      maxBufferedBytes: relayLimits.maxBufferedBytes ?? 4_194_304,
    },
    replayGuard: options.replayGuard ?? createReplayGuard({ now }),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
}
