import { callListener } from "../../_internal/call_listener.ts";
import { type Clock, systemClock } from "../../_internal/clock.ts";
import { DEFAULT_TOOL_ROUNDS } from "../../session/session_limits.ts";
import { createDialer } from "../../transport/mod.ts";
import { logError } from "./log_error.ts";
import { assertNestedOptions, assertSession, OPTION_RULES, RELAY_LIMIT_RULES } from "./option_rules.ts";
import { assertOptions } from "./rule.ts";
import { assertLive } from "../_live/option_rules.ts";
import { secretStripper, type StripSecrets, withoutSecrets } from "../../_internal/strip_secrets.ts";
import { memoryStore } from "../memory_store.ts";
import type { CallOptions, RelayOptions } from "../edge_options.ts";
import type { EdgeLimits } from "../edge_limits.ts";
import type { RealtimeAppOptions } from "../realtime_app_options.ts";
import { isWorkers } from "../_relay/workers_upgrade.ts";
import { stateOf } from "./request_state.ts";
import { sharedTimers } from "./shared_timers.ts";
import type { RelayLimits } from "../relay_limits.ts";

/** Default limit of a body, in bytes. */
const DEFAULT_MAX_BODY_BYTES = 65_536;
/** Default timeout of a request, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 15_000;
/** Default lifetime of a client secret, in seconds. */
const DEFAULT_EXPIRY_SECONDS = 60;

/** Default time that a relay may be without a frame of its page, in milliseconds. */
const DEFAULT_RELAY_IDLE_MS = 600_000;
/** Default interval of the checks whether pages are connected, in milliseconds. */
const DEFAULT_HEARTBEAT_MS = 30_000;
/** Default time that a call may be without its sideband, in milliseconds. */
const DEFAULT_REATTACH_MS = 30_000;
/** Default number of events of a call that are kept. */
const DEFAULT_KEPT_EVENTS = 256;

type Defaulted =
  | "basePath"
  | "check"
  | "clientMayOverride"
  | "clock"
  | "dial"
  | "expiresAfterSeconds"
  | "maxBodyBytes"
  | "limits"
  | "now"
  | "onError"
  | "onStoreError"
  | "store"
  | "telemetry"
  | "timeoutMs"
  | "tools";

/** The limits of a relay, all set. */
export type Limits = { readonly [Name in keyof Required<RelayLimits>]: number };

/** The options, with defaults. */
export type Settings =
  & Readonly<Omit<RealtimeAppOptions, Defaulted | "calls" | "relay" | "relayLimits">>
  & { readonly [Name in Defaulted]: NonNullable<RealtimeAppOptions[Name]> }
  & {
    readonly calls: { readonly [Name in keyof Required<CallOptions>]: NonNullable<CallOptions[Name]> };
    readonly relay: { readonly [Name in keyof Required<RelayOptions>]: number };
    /** Whether pages have no data channel in their Live sessions. */
    readonly isLiveAudioOnly: boolean;
    readonly relayIdleMs: number;
    /** Source of time for the deadlines of requests, many of which exist at the same time. */
    readonly deadlines: Clock;
    /** Whether functions of the host receive events or errors, together with the request. */
    readonly hasListeners: boolean;
    readonly relayLimits: Limits;
    /** Removes the secrets known at creation from a text. */
    readonly strip: StripSecrets;
  };

/**
 * Checks the options of an app once, and fills in the defaults.
 *
 * @throws {TypeError} when one is missing, misspelt or of the wrong type, or the session breaks a rule of the protocol.
 * @throws {RangeError} when a value is not allowed.
 */
export function toSettings(options: RealtimeAppOptions): Settings {
  const action = "create the app";
  const session = { ...OPTION_RULES.session, isRequired: options?.live === undefined };
  assertOptions(options, { ...OPTION_RULES, session }, action);
  assertNestedOptions(options, action);
  const { check = true } = options;
  if (check && typeof options.session === "object") assertSession(options.session, action);
  if (options.live) assertLive(options.live, check, action);
  const { calls = {}, limits = {}, relay = {}, relayLimits = {} } = options;
  assertOptions(relayLimits, RELAY_LIMIT_RULES, `${action} with these relayLimits`);
  assertPriced(limits, action);
  assertTokenSecret(options, action);
  const { clock = systemClock, now = Date.now, onError = logError } = options;
  const watch = calls.watch ?? boundsCalls(limits);
  const strip = secretStripper(staticSecrets(options));
  return {
    ...options,
    basePath: options.basePath ?? "/",
    calls: {
      dataChannel: calls.dataChannel ?? (options.onCall || watch ? "forbid" : "allow"),
      watch,
      reattachMs: calls.reattachMs ?? DEFAULT_REATTACH_MS,
      maxKeptEvents: calls.maxKeptEvents ?? DEFAULT_KEPT_EVENTS,
    },
    check,
    clientMayOverride: [...options.clientMayOverride ?? []],
    clock,
    // On Workers a timer belongs to its request.
    deadlines: isWorkers() ? systemClock : sharedTimers(systemClock),
    dial: options.dial ?? createDialer({ clock }),
    hasListeners: options.onEvent !== undefined || options.onError !== undefined,
    expiresAfterSeconds: options.expiresAfterSeconds ?? DEFAULT_EXPIRY_SECONDS,
    isLiveAudioOnly: calls.dataChannel === "forbid",
    limits,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    now,
    onError: (error, c) => {
      const stripped = withoutSecrets(withoutSecrets(error, strip), stateOf(c).strip);
      callListener(() => onError(stripped, c), (failure) => logError(failure, c));
    },
    onStoreError: options.onStoreError ?? "refuse",
    relay: {
      resumeMs: relay.resumeMs ?? 0,
      heartbeatMs: relay.heartbeatMs ?? DEFAULT_HEARTBEAT_MS,
      toolRounds: relay.toolRounds ?? DEFAULT_TOOL_ROUNDS,
    },
    relayIdleMs: limits.idleMs ?? DEFAULT_RELAY_IDLE_MS,
    relayLimits: {
      maxFrameCharacters: relayLimits.maxFrameCharacters ?? 1_048_576,
      framesPerSecond: relayLimits.framesPerSecond ?? 200,
      charactersPerSecond: relayLimits.charactersPerSecond ?? 1_048_576,
      maxBufferedBytes: relayLimits.maxBufferedBytes ?? 4_194_304,
    },
    store: options.store ?? memoryStore({ now }),
    strip,
    telemetry: options.telemetry ?? {},
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    tools: options.tools ?? [],
  };
}

/** Whether these limits require attaching to calls. */
function boundsCalls({ idleMs, perCaller, total }: EdgeLimits): boolean {
  const bounds = [perCaller, total].flatMap((spend) => [
    spend?.costPerDay,
    spend?.responsesPerMinute,
    spend?.tokensPerDay,
  ]);
  return idleMs !== undefined || bounds.some((max) => max !== undefined && max !== Infinity);
}

/** @throws {TypeError} when costs are limited but unknown. */
function assertPriced({ perCaller, prices, total }: EdgeLimits, action: string): void {
  if (prices !== undefined || [perCaller, total].every((spend) => spend?.costPerDay === undefined)) return;
  throw new TypeError(`Cannot ${action} as limits.costPerDay needs limits.prices, which this package does not contain`);
}

/** @throws {TypeError} when call tokens would be signed with a secret that changes every hour. */
function assertTokenSecret({ azure, tokenSecret }: RealtimeAppOptions, action: string): void {
  if (tokenSecret !== undefined || typeof azure !== "object" || azure.token === undefined) return;
  throw new TypeError(`Cannot ${action} as azure.token changes: pass tokenSecret to sign call tokens`);
}

/** The secrets among the options that do not depend on a request. */
function staticSecrets({ apiKey, azure, tokenSecret, webhookSecret }: RealtimeAppOptions): readonly string[] {
  const target = typeof azure === "object" ? [azure.apiKey, azure.token] : [];
  return [apiKey, tokenSecret, webhookSecret, target].flat()
    .filter((secret): secret is string => typeof secret === "string");
}
