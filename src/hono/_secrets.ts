import { env } from "hono/adapter";
import { stringAt } from "../_internal/wire.ts";
import { Refusal } from "./_refusal.ts";
import type { PerRequest } from "./realtime_app_options.ts";
import type { RealtimeContext } from "./realtime_env.ts";

/** The value of an option that may depend on the request. */
export async function resolve<Value extends string | readonly string[]>(
  option: PerRequest<Value> | undefined,
  c: RealtimeContext,
): Promise<Value | undefined> {
  return typeof option === "function" ? await option(c) : option;
}

/**
 * A secret: what the option gives, or the variable of the environment when there is none.
 *
 * @throws {Refusal} when there is neither.
 */
export async function resolveSecret<Value extends string | readonly string[]>(
  option: PerRequest<Value> | undefined,
  variable: string,
  c: RealtimeContext,
): Promise<Value | string> {
  const secret = option === undefined ? readVariable(variable, c) : await resolve(option, c);
  if (secret !== undefined && secret.length > 0) return secret;
  const cause = new TypeError(`Cannot answer as there is no secret: pass the option, or set ${variable}`);
  throw new Refusal("internal_error", "The server is not set up", { cause });
}

/** What the host passed with the request comes first: all there is on Workers. */
function readVariable(name: string, c: RealtimeContext): string | undefined {
  return stringAt(c.env, name) ?? env<Record<string, string | undefined>>(c)?.[name];
}
