import { checkSessionConfig, MAX_CLIENT_SECRET_SECONDS, MIN_CLIENT_SECRET_SECONDS } from "../../protocol/mod.ts";
import { OVERRIDABLE_FIELDS } from "../overridable_field.ts";
import type { RealtimeAppOptions } from "../realtime_app_options.ts";
import type { RelayLimits } from "../relay_limits.ts";

/** Fewest characters of a secret that tokens are signed with. */
export const MIN_SECRET_CHARACTERS = 16;

/** What an option has to be. */
interface Rule {
  /** Whether a value is of the right type. */
  readonly is: (value: unknown) => boolean;
  /** Whether a value of the right type is allowed; absent: all are. */
  readonly allows?: (value: never) => boolean;
  /** The same in words, to complete the sentence "… must be …". */
  readonly words: string;
  /** Whether there is no default. */
  readonly isRequired?: boolean;
  /** Whether no message may show the value. */
  readonly isSecret?: boolean;
}

type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

const isFunction = (value: unknown) => typeof value === "function";
const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";
const isTextOrFunction = (value: unknown) => isText(value) || isFunction(value);
const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const hasMethods = (...names: readonly string[]) => (value: unknown) =>
  isObject(value) && names.every((name) => isFunction((value as Record<string, unknown>)[name]));
const isList = (is: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(is);
const isOverridable = (value: unknown) => (OVERRIDABLE_FIELDS as readonly unknown[]).includes(value);
/** Whether it is an origin as browsers write it; `null` is that of everyone who has none. */
const isOrigin = (value: unknown) => isText(value) && value !== "null" && URL.parse(`${value}`)?.origin === value;

const aFunction: Rule = { is: isFunction, words: "a function" };
const aText: Rule = { is: isText, allows: (value) => value !== "", words: "a text that is not empty" };
/** The longest delay that timers take, in milliseconds: they fire at once beyond it. */
const MAX_DELAY_MS = 2 ** 31 - 1;

const aPositiveNumber: Rule = {
  is: isNumber,
  allows: (value) => value > 0 && value < Infinity,
  words: "a number above 0",
};

function aWholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): Rule {
  return {
    is: isNumber,
    allows: (value) => Number.isInteger(value) && value >= least && value <= most,
    words: `a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ""}`,
  };
}

function aSecret(least: number): Rule {
  return {
    is: isTextOrFunction,
    allows: (value: unknown) => typeof value !== "string" || value.length >= least,
    words: `a function, or a text of at least ${least} characters`,
    isSecret: true,
  };
}

export const RELAY_LIMIT_RULES: Rules<RelayLimits> = {
  maxFrameCharacters: aWholeNumber(1),
  framesPerSecond: aPositiveNumber,
  charactersPerSecond: aPositiveNumber,
  maxBufferedBytes: aWholeNumber(1),
};

export const OPTION_RULES: Rules<RealtimeAppOptions> = {
  authorize: {
    is: isFunction,
    words: "a function that decides who may have a session, as there is no default",
    isRequired: true,
  },
  session: {
    is: (value) => isFunction(value) || isObject(value),
    words: "the settings of a session, or a function that gives them",
    isRequired: true,
  },
  clientMayOverride: {
    is: isList(isOverridable),
    words: `a list of some of ${OVERRIDABLE_FIELDS.join(", ")}`,
  },
  apiKey: aSecret(1),
  baseUrl: {
    is: isTextOrFunction,
    allows: (value: unknown) => isFunction(value) || URL.canParse(`${value}`),
    words: "an address, or a function that gives one",
    // It may have credentials in it by mistake.
    isSecret: true,
  },
  organization: aText,
  project: aText,
  fetch: aFunction,
  dial: aFunction,
  basePath: { is: isText, allows: (value: string) => value.startsWith("/"), words: "a path that begins with /" },
  allowedOrigins: {
    is: (value) => isFunction(value) || isList(isOrigin)(value),
    words: "a list of origins such as https://www.example.com, or a function",
  },
  maxBodyBytes: aWholeNumber(1),
  timeoutMs: aWholeNumber(1, MAX_DELAY_MS),
  expiresAfterSeconds: aWholeNumber(MIN_CLIENT_SECRET_SECONDS, MAX_CLIENT_SECRET_SECONDS),
  tokenSecret: aSecret(MIN_SECRET_CHARACTERS),
  webhookSecret: {
    is: (value) => isTextOrFunction(value) || isList(isText)(value),
    allows: (value: unknown) => isFunction(value) || (value as string | readonly string[]).length > 0,
    words: "one or more texts, or a function that gives them",
    isSecret: true,
  },
  replayGuard: { is: hasMethods("claim", "release"), words: "an object with the methods claim and release" },
  onCall: aFunction,
  onIncomingCall: aFunction,
  upgradeWebSocket: aFunction,
  relayFilter: aFunction,
  relayLimits: { is: isObject, words: `an object with some of ${Object.keys(RELAY_LIMIT_RULES).join(", ")}` },
  onError: aFunction,
  now: aFunction,
  clock: { is: hasMethods("now", "schedule"), words: "an object with the methods now and schedule" },
};

/**
 * Checks options, so that a misspelt one is not taken for one that was left out.
 *
 * @throws {TypeError} when there is one too many or too few, or one is of the wrong type.
 * @throws {RangeError} when a value is not allowed.
 */
export function assertOptions<Options extends object>(options: Options, rules: Rules<Options>, action: string): void {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(`Cannot ${action} as there is no option ${name}`);
  }
  for (const [name, rule] of Object.entries<Rule>(rules)) {
    const value: unknown = options[name as keyof Options];
    if (value === undefined && !rule.isRequired) continue;
    const shown = rule.isSecret ? "" : `: current value is ${show(value)}`;
    const message = `Cannot ${action} as ${name} must be ${rule.words}${shown}`;
    if (!rule.is(value)) throw new TypeError(message);
    if (rule.allows && !rule.allows(value as never)) throw new RangeError(message);
  }
}

function show(value: unknown): string {
  return typeof value === "object" || typeof value === "string" ? `${JSON.stringify(value)}`.slice(0, 200) : `${value}`;
}

/** @throws {TypeError} when the settings break a rule of the protocol. */
export function assertSession(session: unknown, action: string): void {
  const [issue] = checkSessionConfig(session);
  if (issue) {
    throw new TypeError(`Cannot ${action} as ${["session", issue.path].filter(Boolean).join(".")} ${issue.message}`);
  }
}
