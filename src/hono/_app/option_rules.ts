import { typeFault } from "../../_internal/text/fault.ts";
import { at, isRecord } from "../../_internal/wire.ts";
import type { AzureTarget } from "../../transport/mod.ts";
import {
  checkSessionConfig,
  checkTranslationClientSecretRequest,
  type FieldIssue,
  MAX_CLIENT_SECRET_SECONDS,
  MIN_CLIENT_SECRET_SECONDS,
} from "../../protocol/mod.ts";
import type { EdgeLimits, SpendLimits } from "../edge_limits.ts";
import type { CallOptions, RelayOptions } from "../edge_options.ts";
import type { EdgeTelemetry } from "../edge_telemetry.ts";
import { OVERRIDABLE_FIELDS } from "../overridable_field.ts";
import type { RealtimeAppOptions } from "../realtime_app_options.ts";
import type { RelayLimits } from "../relay_limits.ts";
import {
  aFlag,
  aFunction,
  aPositiveNumber,
  aSecret,
  assertOptions,
  aText,
  aWholeNumber,
  hasMethods,
  isFunction,
  isList,
  isNumber,
  isObject,
  isOneOf,
  isOrigin,
  isOverridable,
  isText,
  isTextOrFunction,
  isTool,
  MAX_DELAY_MS,
  MIN_SECRET_CHARACTERS,
  MIN_SESSION_MS,
  type Rule,
  type Rules,
} from "./rule.ts";

/** A number that may be Infinity, but not NaN. */
const anAmount: Rule = { is: isNumber, allows: (value) => value >= 0, words: "a number >= 0" };

const SPEND_RULES: Rules<SpendLimits> = {
  concurrentRelays: anAmount,
  concurrentCalls: anAmount,
  secretsPerMinute: anAmount,
  responsesPerMinute: anAmount,
  tokensPerDay: anAmount,
  costPerDay: anAmount,
};

const LIMIT_RULES: Rules<EdgeLimits> = {
  perCaller: someOf(SPEND_RULES),
  total: someOf(SPEND_RULES),
  prices: { is: isObject, words: "prices by model" },
  idleMs: aWholeNumber(MIN_SESSION_MS, MAX_DELAY_MS),
  maxDurationMs: aWholeNumber(MIN_SESSION_MS, MAX_DELAY_MS),
};

const CALL_RULES: Rules<CallOptions> = {
  dataChannel: { is: isOneOf("forbid", "allow"), words: `"forbid" or "allow"` },
  watch: aFlag,
  reattachMs: aWholeNumber(0, MAX_DELAY_MS),
  maxKeptEvents: aWholeNumber(1),
};

const RELAY_RULES: Rules<RelayOptions> = {
  resumeMs: aWholeNumber(0, MAX_DELAY_MS),
  heartbeatMs: aWholeNumber(MIN_SESSION_MS, MAX_DELAY_MS),
  toolRounds: aWholeNumber(0),
};

const TELEMETRY_RULES: Rules<EdgeTelemetry> = {
  tracer: { is: hasMethods("startSpan"), words: "an object with the method startSpan" },
  meter: {
    is: hasMethods("createCounter", "createUpDownCounter", "createHistogram"),
    words: "an object with the methods createCounter, createUpDownCounter and createHistogram",
  },
};

/** The constraints of {@linkcode isApiAddress} in words. */
export const API_ADDRESS = "an http(s) or ws(s) address without credentials";

const AZURE_RULES: Rules<AzureTarget> = {
  endpoint: { is: (value) => isApiAddress(`${value}`), words: API_ADDRESS, isSecret: true },
  deployment: aText,
  apiKey: aSecret(1),
  token: aSecret(1),
};

/** The rules of nested options, by name, and the word for these options where the name is none. */
const NESTED_RULES: readonly (readonly [path: string, rules: Readonly<Record<string, Rule>>, word?: string])[] = [
  ["azure", AZURE_RULES, "azure options"],
  ["limits", LIMIT_RULES],
  ["limits.perCaller", SPEND_RULES],
  ["limits.total", SPEND_RULES],
  ["calls", CALL_RULES],
  ["relay", RELAY_RULES],
  ["telemetry", TELEMETRY_RULES],
];

function someOf(rules: Readonly<Record<string, Rule>>): Rule {
  return { is: isObject, words: `an object with any of ${Object.keys(rules).join(", ")}` };
}

export const RELAY_LIMIT_RULES: Rules<RelayLimits> = {
  maxFrameCharacters: aWholeNumber(1),
  framesPerSecond: aPositiveNumber,
  charactersPerSecond: aPositiveNumber,
  maxBufferedBytes: aWholeNumber(1),
};

/** Whether there is something to connect to, and a key: neither has a default. */
export function isDeployment(value: unknown): value is AzureTarget {
  if (!isRecord(value)) return false;
  const { apiKey, deployment, endpoint, token } = value;
  return isApiAddress(`${endpoint}`) && Boolean(deployment) && Boolean(apiKey ?? token);
}

/** The constraints of {@linkcode isDeployment} in words. */
export const A_DEPLOYMENT = "an object with an address as endpoint, deployment, and apiKey or token";

/** Whether a value is a store. */
export const isStore: (value: unknown) => boolean = hasMethods("add", "hold", "release", "get", "put");

export const OPTION_RULES: Rules<RealtimeAppOptions> = {
  authorize: {
    is: isFunction,
    words: "a function that decides who may have a session, as there is no default",
    isRequired: true,
  },
  session: {
    is: (value) => isFunction(value) || isObject(value),
    words: "the settings of a session, or a function that returns them",
    isRequired: true,
  },
  clientMayOverride: {
    is: isList(isOverridable),
    words: `a list of any of ${OVERRIDABLE_FIELDS.join(", ")}`,
  },
  apiKey: aSecret(1),
  check: aFlag,
  baseUrl: {
    is: isTextOrFunction,
    allows: (value: unknown) => isFunction(value) || isApiAddress(`${value}`),
    words: `${API_ADDRESS}, or a function that returns one`,
    // It may contain credentials by mistake.
    isSecret: true,
  },
  azure: {
    is: (value) => isFunction(value) || isObject(value),
    allows: (value: unknown) => isFunction(value) || isDeployment(value),
    words: `${A_DEPLOYMENT}, or a function that returns one`,
    isSecret: true,
  },
  organization: aText,
  project: aText,
  fetch: aFunction,
  dial: aFunction,
  basePath: { is: isText, allows: (value: string) => value.startsWith("/"), words: "a path that begins with /" },
  publicUrl: {
    is: isTextOrFunction,
    allows: (value: unknown) => isFunction(value) || /^https?:$/.test(URL.parse(`${value}`)?.protocol ?? ""),
    words: "an address such as https://www.example.com, or a function that returns one",
  },
  trustForwarded: aFlag,
  allowedOrigins: {
    is: (value) => isFunction(value) || isList(isOrigin)(value),
    words: "a list of origins such as https://www.example.com, or a function",
  },
  maxBodyBytes: aWholeNumber(1),
  timeoutMs: aWholeNumber(1, MAX_DELAY_MS),
  expiresAfterSeconds: aWholeNumber(MIN_CLIENT_SECRET_SECONDS, MAX_CLIENT_SECRET_SECONDS),
  tokenSecret: {
    is: (value) => isTextOrFunction(value) || isList(isText)(value),
    allows: (value: unknown) => isFunction(value) || isTokenSecret(value),
    words: `a function, or one or more strings of at least ${MIN_SECRET_CHARACTERS} characters`,
    isSecret: true,
  },
  safetyIdentifier: aFunction,
  webhookSecret: {
    is: (value) => isTextOrFunction(value) || isList(isText)(value),
    allows: (value: unknown) => isFunction(value) || isWebhookSecret(value),
    words: "one or more non-empty strings, in base64 after whsec_, or a function that returns them",
    isSecret: true,
  },
  limits: someOf(LIMIT_RULES),
  store: {
    is: (value) => isFunction(value) || isStore(value),
    words: "a store such as that of memoryStore(), or a function that returns one",
  },
  onStoreError: { is: isOneOf("refuse", "allow"), words: `"refuse" or "allow"` },
  replayGuard: { is: hasMethods("claim", "release"), words: "an object with the methods claim and release" },
  onCall: aFunction,
  calls: someOf(CALL_RULES),
  onIncomingCall: aFunction,
  live: { is: isObject, words: "an object with session, and optionally further options of the Live API" },
  upgradeWebSocket: aFunction,
  relayFilter: aFunction,
  relayLimits: { is: isObject, words: `an object with any of ${Object.keys(RELAY_LIMIT_RULES).join(", ")}` },
  relay: someOf(RELAY_RULES),
  tools: { is: isList(isTool), words: "a list of tools created by defineTool()" },
  onToolApproval: aFunction,
  onEvent: aFunction,
  telemetry: someOf(TELEMETRY_RULES),
  onError: aFunction,
  now: aFunction,
  clock: { is: hasMethods("now", "schedule"), words: "an object with the methods now and schedule" },
};

/**
 * Checks the nested options.
 *
 * @throws {TypeError} when one is misspelt, or of the wrong type.
 * @throws {RangeError} when a value is not allowed.
 */
export function assertNestedOptions(options: object, action: string): void {
  for (const [path, rules, word = path] of NESTED_RULES) {
    const nested = at(options, ...path.split("."));
    if (isRecord(nested)) assertOptions(nested, rules as Rules<typeof nested>, `${action} with these ${word}`);
  }
}

/** Whether requests can be sent to an address. */
export function isApiAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && /^(?:https?|wss?):$/.test(url.protocol) && url.username === "" && url.password === "";
}

function toList(value: unknown): readonly string[] {
  return typeof value === "string" ? [value] : value as readonly string[];
}

/** Whether tokens can be signed with these secrets. */
export function isTokenSecret(value: unknown): boolean {
  const secrets = toList(value);
  return secrets.length > 0 && secrets.every(({ length }) => length >= MIN_SECRET_CHARACTERS);
}

/** Whether webhooks can be verified with all of these secrets. */
export function isWebhookSecret(value: unknown): boolean {
  const secrets = toList(value);
  return secrets.length > 0 && secrets.every((secret) => {
    const [, base64] = /^whsec_(.*)$/s.exec(secret) ?? [];
    if (base64 === undefined) return secret !== "";
    try {
      return atob(base64) !== "";
    } catch {
      return false;
    }
  });
}

/** @throws {TypeError} when the settings break a rule of the protocol. */
export function assertSession(session: unknown, action: string): void {
  const [issue] = checkPolicy(session);
  if (issue) {
    throw new TypeError(`Cannot ${action} as ${["session", issue.path].filter(Boolean).join(".")} ${issue.message}`);
  }
}

/** Types of a policy. The API has no such type for translations, but a session of its own. */
const SESSION_TYPES = ["realtime", "transcription", "translation"];

/** Finds violations of the protocol in a policy; paths begin below the session. */
export function checkPolicy(session: unknown): readonly FieldIssue[] {
  if (!isRecord(session)) return checkSessionConfig(session);
  const isKnown = SESSION_TYPES.some((type) => type === session.type);
  if (!isKnown) return [{ path: "type", ...typeFault(SESSION_TYPES, session.type) }];
  if (session.type !== "translation") return checkSessionConfig(session);
  const { type: _, ...settings } = session;
  return checkTranslationClientSecretRequest({ session: settings })
    .map((issue) => ({ ...issue, path: issue.path.replace(/^session\.?/, "") }));
}
