// This module is browser compatible.

/** A kind of option: in words, and a member that only such values have; or the only values. */
export type OptionKind =
  | readonly [words: string, member: string]
  | readonly [values: readonly unknown[], member?: undefined];

export const aString: OptionKind = ["a string", "trim"];
/** No option is negative, or not a number. */
export const aNumber: OptionKind = ["a number >= 0", "toFixed"];
export const aBoolean: OptionKind = [[true, false]];
export const aFunction: OptionKind = ["a function", "call"];
export const anArray: OptionKind = ["an array", "flatMap"];
export const anAbortSignal: OptionKind = ["an AbortSignal", "throwIfAborted"];
export const aClock: OptionKind = ["a Clock", "schedule"];
export const anAudioContext: OptionKind = ["an AudioContext", "createGain"];
export const anAudioKit: OptionKind = ["an AudioKit", "createResampler"];
export const aLogger: OptionKind = ["a Logger", "debug"];
/** A raw WebSocket has no `events`. */
export const aTransport: OptionKind = ["a Transport", "events"];
export const aToolFollowUp: OptionKind = [["respond", "silent"]];
export const anOnDrop: OptionKind = [["finish", "flush"]];
