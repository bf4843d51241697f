// This module is browser compatible.
import { type ApiTarget, checkApiTarget, TARGET_NAMES } from "../_internal/api_target.ts";
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import {
  type AttachLiveOptions,
  type ConnectLiveOptions,
  type ForkLiveOptions,
  LIVE_CHANNEL_OPTIONS,
  type LiveAudioOptions,
  type LiveLimits,
  type LiveSessionOptions,
} from "./live_options.ts";
import type { LiveTurnOptions } from "./live_turn.ts";

const LIMITS: OptionNames<LiveLimits> = { maxDurationMs: 1 };
const TURNS: OptionNames<LiveTurnOptions> = { separationMs: 1, silenceMs: 1, backchannelMs: 1 };

// Functions, as bundlers keep objects that are composed of others.

function sessionOptions(): OptionNames<LiveSessionOptions> {
  const { id: _, speechLevel: __, ...shared } = LIVE_CHANNEL_OPTIONS;
  return { ...TARGET_NAMES, ...shared, url: 1, dial: 1, transport: 1, timeoutMs: 1 };
}

/** Names of the options of `attachLive`. */
export function attachOptions(): OptionNames<AttachLiveOptions> {
  return { ...sessionOptions(), recovery: 1 };
}

/** Names of the options of `forkLive`. */
export function forkOptions(): OptionNames<ForkLiveOptions> {
  const audio: OptionNames<LiveAudioOptions> = {
    chunkMs: 1,
    inputRate: 1,
    audioKit: 1,
    overflow: 1,
    maxLagMs: 1,
    keeper: 1,
  };
  return { ...sessionOptions(), ...audio, session: 1 };
}

/** Names of the options of `connectLive`. */
export function connectOptions(): OptionNames<ConnectLiveOptions> {
  return {
    ...forkOptions(),
    model: 1,
    instructions: 1,
    voice: 1,
    format: 1,
    history: 1,
    backend: 1,
    delegation: 1,
    store: 1,
  };
}

/**
 * Checks the names of the options, the times and the tools among them, before anything is dialled.
 *
 * @throws {TypeError} when an option is unknown, in which case the message suggests a similar name, or not an object, or
 * when two tools have the same name.
 * @throws {RangeError} when a time is out of range.
 */
export function checkLiveOptions(
  action: string,
  options:
    & ApiTarget
    & Pick<LiveSessionOptions, "ackTimeoutMs" | "closeTimeoutMs" | "limits" | "tools" | "turns">
    & Pick<ConnectLiveOptions | ForkLiveOptions, "session">,
  names: Readonly<Record<string, unknown>>,
): void {
  checkApiTarget(action, options, names);
  const { ackTimeoutMs = 0, closeTimeoutMs = 0, limits = {}, session, tools = [], turns = {} } = options;
  checkOptions(action, limits, LIMITS, "limits");
  checkOptions(action, turns, TURNS, "turns");
  // The rules of the protocol check its fields.
  checkOptions(action, session, { ...session }, "session");
  if (!Array.isArray(tools)) {
    throw new TypeError(`Cannot ${action} as tools must be an array: current value is ${tools}`);
  }
  const seen = new Set<string>();
  for (const { definition: { name } } of tools) {
    if (seen.has(name)) throw new TypeError(`Cannot ${action} as two tools have the same name: ${name}`);
    seen.add(name);
  }
  for (const [name, value = 0] of Object.entries({ ackTimeoutMs, closeTimeoutMs, ...turns })) {
    if (!(value >= 0)) throw new RangeError(`Cannot ${action} as ${name} must be >= 0: current value is ${value}`);
  }
  const { maxDurationMs = Infinity } = limits;
  if (maxDurationMs > 0) return;
  throw new RangeError(`Cannot ${action} as limits.maxDurationMs must be > 0: current value is ${maxDurationMs}`);
}
