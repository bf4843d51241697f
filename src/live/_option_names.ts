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
 * Checks the names of the options.
 *
 * @throws {TypeError} when an option is unknown; the message suggests a similar name.
 */
export function checkLiveOptions(
  action: string,
  options: ApiTarget & Pick<LiveSessionOptions, "limits" | "turns">,
  names: Readonly<Record<string, unknown>>,
): void {
  checkApiTarget(action, options, names);
  checkOptions(action, options.limits, LIMITS, "limits");
  checkOptions(action, options.turns, TURNS, "turns");
}
