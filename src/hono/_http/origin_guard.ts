import type { Settings } from "../_app/settings.ts";
import { notSetUp } from "../_auth/secrets.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { originPattern } from "./origins.ts";
import { ProblemError, timedOut } from "./problem_error.ts";

/** Rejects pages of other origins. */
export type OriginGuard = (origin: string, c: RealtimeContext) => Promise<void>;

/** Creates the function that rejects pages. It rejects with a `ProblemError`. */
export function originGuard(settings: Settings): OriginGuard {
  const isAllowed = originCheck(settings);
  let isHintGiven = false;
  return async (origin, c) => {
    // The origin of sandboxed pages and files, which anyone can create.
    if (origin !== "null" && await isAllowed(origin, c)) return;
    if (!isHintGiven && settings.allowedOrigins === undefined && isBehindProxy(origin, c)) {
      isHintGiven = true;
      settings.onError(hint(origin, ownOrigin(c, settings)), c);
    }
    throw new ProblemError("origin_not_allowed", "Pages of this origin may not call");
  };
}

function originCheck({ allowedOrigins, deadlines, publicUrl, timeoutMs, trustForwarded }: Settings) {
  if (typeof allowedOrigins === "function") {
    return async (origin: string, c: RealtimeContext) => {
      // Pages are rejected before the request has a deadline.
      const late = Promise.withResolvers<never>();
      const cancel = deadlines.schedule(() => late.reject(timedOut()), timeoutMs);
      try {
        return await Promise.race([allowedOrigins(origin, c), late.promise]) === true;
      } finally {
        cancel();
      }
    };
  }
  if (allowedOrigins !== undefined) {
    const patterns = allowedOrigins.map((allowed) => originPattern(allowed)).filter((pattern) => pattern !== undefined);
    return (origin: string) => patterns.some((pattern) => pattern.test(origin));
  }
  return (origin: string, c: RealtimeContext) => origin === ownOrigin(c, { publicUrl, trustForwarded });
}

/** The origin of this server, as seen by pages. */
function ownOrigin(
  c: RealtimeContext,
  { publicUrl, trustForwarded }: Pick<Settings, "publicUrl" | "trustForwarded">,
): string {
  const url = typeof publicUrl === "function" ? publicUrl(c) : publicUrl;
  if (url !== undefined) {
    const address = URL.parse(url);
    if (address) return address.origin;
    throw notSetUp(new TypeError(`Cannot answer as publicUrl must be an address: current value is ${url}`));
  }
  const own = new URL(c.req.url);
  if (trustForwarded !== true) return own.origin;
  const protocol = first(c.req.header("x-forwarded-proto")) ?? own.protocol.slice(0, -1);
  const host = first(c.req.header("x-forwarded-host")) ?? own.host;
  return URL.parse(`${protocol}://${host}`)?.origin ?? own.origin;
}

/** The value set by the first of several proxies. */
function first(header: string | undefined): string | undefined {
  return header?.split(",")[0]?.trim() || undefined;
}

/** Whether the page probably belongs to this server, which a proxy exposes at another address. */
function isBehindProxy(origin: string, c: RealtimeContext): boolean {
  const page = URL.parse(origin);
  if (!page) return false;
  const own = new URL(c.req.url);
  const forwarded = first(c.req.header("x-forwarded-host"));
  return page.host === own.host || page.host === forwarded || page.hostname === own.hostname;
}

function hint(origin: string, own: string): Error {
  return new Error(
    `A page of ${origin} was rejected as this app's own origin is ${own}, that of publicUrl or else of the request: ` +
      "if a proxy in front of this server terminates TLS, pass its address as publicUrl; " +
      "if the app has pages of several origins, list all of them in allowedOrigins",
  );
}
