import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { timeout } from "hono/timeout";
import type { MiddlewareHandler } from "hono/types";
import { bodyTooLarge, Refusal } from "./_refusal.ts";
import type { Settings } from "./_settings.ts";
import type { RealtimeContext, RealtimeEnv } from "./realtime_env.ts";

type Middleware = MiddlewareHandler<RealtimeEnv>;

/** Headers of answers that a page of another origin may read. */
const EXPOSED = ["Location", "X-Realtime-Call-Id", "X-Realtime-Call-Token", "X-Request-Id"];

/** How long a browser may remember that it may call, in seconds. */
const PREFLIGHT_SECONDS = 600;

/** Marks every answer: with the id of its request, and as nothing to frame, to guess the type of or to keep. */
export function marked(): readonly Middleware[] {
  return [
    requestId(),
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      // A promise about the whole domain, which is the host's to make.
      strictTransportSecurity: false,
    }),
    async (c, next) => {
      await next();
      c.header("Cache-Control", "no-store");
    },
  ];
}

/** Lets in the pages that may call, and lets them read the answers. */
export function forPages(settings: Settings): readonly Middleware[] {
  return [
    fromAllowedOrigin(settings),
    cors({
      // Only origins that are allowed come this far.
      origin: (origin) => origin,
      allowMethods: ["POST"],
      exposeHeaders: EXPOSED,
      credentials: true,
      maxAge: PREFLIGHT_SECONDS,
    }),
  ];
}

/** Turns away pages of origins that may not call. */
export function fromAllowedOrigin({ allowedOrigins }: Settings): Middleware {
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined && !await isAllowed(origin, c, allowedOrigins)) {
      throw new Refusal("origin_not_allowed", "Pages of this origin may not call");
    }
    await next();
  };
}

async function isAllowed(
  origin: string,
  c: RealtimeContext,
  allowedOrigins: Settings["allowedOrigins"],
): Promise<boolean> {
  if (allowedOrigins === undefined) return origin === new URL(c.req.url).origin;
  if (typeof allowedOrigins === "function") return await allowedOrigins(origin, c) === true;
  return allowedOrigins.includes(origin);
}

/** Turns away what is of another method. */
export function only(method: "GET" | "POST"): Middleware {
  return async (c, next) => {
    if (c.req.method !== method) {
      throw new Refusal("method_not_allowed", `The method must be ${method}`, { headers: { Allow: method } });
    }
    await next();
  };
}

/** Names a request whose answer must be left as it is: the upgrade to a WebSocket. */
export function named(): Middleware {
  return requestId({ headerName: "" });
}

/** Turns away what is too long or too slow. */
export function bounded({ maxBodyBytes, timeoutMs }: Settings): readonly Middleware[] {
  const onError = () => {
    throw bodyTooLarge(maxBodyBytes);
  };
  return [withDeadline(timeoutMs), bodyLimit({ maxSize: maxBodyBytes, onError })];
}

/** Ends what is still done for a request when it is answered, or the time is out. */
export function withDeadline(timeoutMs: number): Middleware {
  const limit = timeout(timeoutMs, () => new Refusal("timed_out", "It took too long"));
  return async (c, next) => {
    const controller = new AbortController();
    c.set("signal", controller.signal);
    try {
      await limit(c, next);
    } finally {
      controller.abort();
    }
  };
}

/** Turns away those whom the host does not want to serve. */
export function authorized({ authorize }: Settings): Middleware {
  return async (c, next) => {
    const authorization = await authorize(c);
    if (authorization instanceof Response) return authorization;
    // Everything else than a clear yes is a no, whatever a function without types may give.
    if (authorization !== true && (typeof authorization !== "string" || authorization === "")) {
      throw new Refusal("not_authorized", "You may not do this");
    }
    c.set("caller", authorization === true ? undefined : authorization);
    await next();
  };
}
