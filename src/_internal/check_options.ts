// This module is browser compatible.
import { closestName } from "./closest_name.ts";
import type { OptionKind } from "./option_kinds.ts";
import { isRecord } from "./wire.ts";

/**
 * The names of all options of an interface, as the keys of an object: the compiler rejects a list with a missing or an
 * extra name. A value is the kind of the option, or 1 for an option that is checked elsewhere.
 */
export type OptionNames<Options extends object> = {
  readonly [Name in keyof Required<Options>]: OptionKind | 1;
};

/**
 * Names of options that extend those of others. Calls are marked `@__PURE__`, so that a bundler omits unused tables, which
 * it does not do for spreads.
 */
export function joinNames<Names extends OptionNames<object>>(make: () => Names): Names {
  return make();
}

/**
 * Checks that `options` is an object without unknown names, so that a misspelt option is not silently ignored, and that
 * its values are of the kinds that `known` names, so that a wrong one does not fail late.
 *
 * ```ts ignore
 * const NAMES: OptionNames<ConnectOptions> = { apiKey: 1, baseUrl: 1, timeoutMs: aNumber };
 * checkOptions("connect", { baseURL: "…" }, NAMES);
 * // TypeError: Cannot connect as there is no option baseURL: did you mean baseUrl?
 * checkOptions("connect", { timeoutMs: "5" }, NAMES);
 * // TypeError: Cannot connect as timeoutMs must be a number >= 0: current value is of type String
 * checkOptions("connect", options.limits, LIMIT_NAMES, "limits");
 * // TypeError: Cannot connect as there is no option limits.maxDuration: did you mean limits.maxDurationMs?
 * ```
 *
 * @param action action of the caller; completes the sentence "Cannot …".
 * @param options the options passed; `undefined` means that none were passed.
 * @param known names of all options, with their kinds or 1; without it, any options are allowed.
 * @param path name of the option that contains these options.
 * @throws {TypeError} when `options` is not an object, has a name that is not in `known`, or a value of another kind.
 * @throws {RangeError} when a number is negative or NaN.
 */
export function checkOptions(
  action: string,
  options: unknown = {},
  known?: Readonly<Record<string, unknown>>,
  path?: string,
): void {
  checkRequiredOptions(action, options, known, path);
}

/**
 * Checks required options; see {@linkcode checkOptions}.
 *
 * @throws {TypeError} when `options` is missing, or {@linkcode checkOptions} throws.
 */
export function checkRequiredOptions(
  action: string,
  options: unknown,
  known?: Readonly<Record<string, unknown>>,
  path = "",
): void {
  if (!isRecord(options)) throw new TypeError(fault(action, path || "the options", "an object", options));
  const prefix = path && `${path}.`;
  // A signal in place of the options that contain it has no names of its own.
  const named = options instanceof AbortSignal ? { AbortSignal } : options;
  for (const name of Object.keys(known ? named : {})) {
    if (!Object.hasOwn(known!, name)) {
      const closest = closestName(name, Object.keys(known!));
      const hint = closest ? `: did you mean ${prefix}${closest}?` : "";
      throw new TypeError(`Cannot ${action} as there is no option ${prefix}${name}${hint}`);
    }
    const value = (named as Record<string, unknown>)[name];
    if (known![name] === 1 || value === undefined) continue;
    const { 0: words, 1: member } = known![name] as OptionKind;
    const isOfKind = member ? member in Object(value) : words.includes(value as never);
    if (isOfKind && (typeof value !== "number" || value >= 0)) continue;
    throw new (isOfKind ? RangeError : TypeError)(fault(action, prefix + name, words, value));
  }
}

/**
 * Checks only the names of options, where the values of `known` mean something else; see
 * {@linkcode checkRequiredOptions}.
 *
 * @throws {TypeError} when `options` is not an object, or has a name that is not in `known`.
 */
export function checkNames(
  action: string,
  options: unknown,
  known: Readonly<Record<string, unknown>>,
  path?: string,
): void {
  checkRequiredOptions(action, options, Object.fromEntries(Object.keys(known).map((name) => [name, 1])), path);
}

function fault(action: string, name: string, kind: string | readonly unknown[], value: unknown): string {
  // No text, which could be a key that was passed in place of the options, but the class, such as AbortController.
  const found = value == null || typeof value === "number"
    ? value
    : `of type ${Object.prototype.toString.call(value).slice(8, -1)}`;
  return `Cannot ${action} as ${name} must be ${[kind].flat().join(" or ")}: current value is ${found}`;
}

/**
 * Returns the properties of `object` whose names are in `known`, such as the options of another function.
 *
 * @param known the names, as the keys of an object; the values are not used.
 */
export function pick<Source extends object, Name extends string>(
  object: Source,
  known: Readonly<Record<Name, unknown>>,
): Pick<Source, Name & keyof Source> {
  const picked = Object.entries(object).filter(([name]) => Object.hasOwn(known, name));
  return Object.fromEntries(picked) as Pick<Source, Name & keyof Source>;
}
