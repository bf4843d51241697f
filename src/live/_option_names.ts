// This module is browser compatible.
import { type ApiTarget, checkApiTarget, TARGET_NAMES } from "../_internal/api_target.ts";
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aBoolean, aFunction, aNumber, aString, aTransport } from "../_internal/option_kinds.ts";
import { INPUT_NAMES } from "../_media/input_settings.ts";
import { stringAt } from "../_internal/wire.ts";
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

const LIMITS: OptionNames<LiveLimits> = { maxDurationMs: aNumber };
const TURNS: OptionNames<LiveTurnOptions> = {
  separationMs: aNumber,
  silenceMs: aNumber,
  backchannelMs: aNumber,
};

// Functions, as bundlers keep objects that are composed of others.

function sessionOptions(): OptionNames<LiveSessionOptions> {
  const { id: _, speechLevel: __, ...shared } = LIVE_CHANNEL_OPTIONS;
  const { safetyIdentifier: ___, ...target } = TARGET_NAMES;
  return {
    ...target,
    ...shared,
    url: 1,
    dial: aFunction,
    transport: aTransport,
    timeoutMs: aNumber,
  };
}

/** Names of the options of `attachLive`. */
export function attachOptions(): OptionNames<AttachLiveOptions> {
  return { ...sessionOptions(), recovery: 1 };
}

/** Names of the options of `forkLive`. */
export function forkOptions(): OptionNames<ForkLiveOptions> {
  const audio: OptionNames<LiveAudioOptions> = { ...INPUT_NAMES, keeper: aBoolean };
  return { ...sessionOptions(), ...audio, session: 1 };
}

/** Names of the options of `connectLive`. */
export function connectOptions(): OptionNames<ConnectLiveOptions> {
  return {
    ...forkOptions(),
    safetyIdentifier: aString,
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
 * Checks the names and types of the options, the times and the tools among them, before anything is dialled.
 *
 * @throws {TypeError} when an option is unknown, in which case the message suggests a similar name, or has a wrong type,
 * or when two tools have the same name.
 * @throws {RangeError} when a time is out of range.
 */
export function checkLiveOptions(
  action: string,
  options:
    & ApiTarget
    & Pick<LiveSessionOptions, "limits" | "tools" | "turns">
    & Pick<ConnectLiveOptions | ForkLiveOptions, "session">,
  names: Readonly<Record<string, unknown>>,
): void {
  checkApiTarget(action, options, names);
  const { limits = {}, session, tools = [], turns } = options;
  checkOptions(action, limits, LIMITS, "limits");
  checkOptions(action, turns, TURNS, "turns");
  // The rules of the protocol check its fields.
  checkOptions(action, session, undefined, "session");
  const check = (isValid: boolean, rule: string, value: unknown, Fault = TypeError) => {
    if (!isValid) throw new Fault(`Cannot ${action} as ${rule}: current value is ${value}`);
  };
  const seen: unknown[] = [];
  for (const tool of tools) {
    const name = stringAt(tool, "definition", "name");
    check(name !== undefined, "tools must be created by defineTool", tool);
    check(!seen.includes(name), "tools must have different names", name);
    seen.push(name);
  }
  const { maxDurationMs = 1 } = limits;
  check(maxDurationMs > 0, "limits.maxDurationMs must be > 0", maxDurationMs, RangeError);
}
