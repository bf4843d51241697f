import { env } from "hono/adapter";
import { stringAt } from "../../_internal/wire.ts";
import { isTokenSecret } from "../_app/option_rules.ts";
import { MIN_SECRET_CHARACTERS } from "../_app/rule.ts";
import { ProblemError } from "../_http/problem_error.ts";
import type { PerRequest } from "../realtime_app_options.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Resolves an option that may depend on the request. */
export async function resolve<Value extends string | readonly string[]>(
  option: PerRequest<Value> | undefined,
  c: RealtimeContext,
): Promise<Value | undefined> {
  return typeof option === "function" ? await option(c) : option;
}

/** The environment variables that take the place of options. */
const VARIABLES = { apiKey: "OPENAI_API_KEY", webhookSecret: "OPENAI_WEBHOOK_SECRET" } as const;

/**
 * Resolves a secret: the option or, without one, the environment variable.
 *
 * @throws {ProblemError} when both are missing.
 */
export async function resolveSecret<Value extends string | readonly string[]>(
  option: PerRequest<Value> | undefined,
  name: keyof typeof VARIABLES,
  c: RealtimeContext,
): Promise<Value | string> {
  const variable = VARIABLES[name];
  const secret = option === undefined ? readVariable(variable, c) : await resolve(option, c);
  if (secret !== undefined && secret.length > 0) return secret;
  const words = option === undefined
    ? `there is no ${name}: pass the option, or set ${variable}`
    : `the function ${name} returned nothing`;
  throw notSetUp(new TypeError(`Cannot answer as ${words}`));
}

/**
 * Resolves the secrets of call tokens: the option or, without one, the API key.
 *
 * @throws {ProblemError} when one is so short that it could be guessed.
 */
export async function resolveTokenSecrets(
  option: PerRequest<string | readonly string[]> | undefined,
  apiKey: string,
  c: RealtimeContext,
): Promise<readonly string[]> {
  const secret = await resolve(option, c);
  if (secret === undefined) return [apiKey];
  if (isTokenSecret(secret)) return typeof secret === "string" ? [secret] : secret;
  throw notSetUp(new RangeError(`Cannot answer as tokenSecret must have at least ${MIN_SECRET_CHARACTERS} characters`));
}

/** The response to a request when the options of the app are invalid. */
export function notSetUp(cause: Error): ProblemError {
  return new ProblemError("internal_error", "The server is misconfigured", { cause });
}

/** The environment passed with the request comes first: Workers have no other. */
function readVariable(name: string, c: RealtimeContext): string | undefined {
  return stringAt(c.env, name) ?? env<Record<string, string | undefined>>(c)?.[name];
}
