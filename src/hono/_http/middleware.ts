import type { ExecutionContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { timeout } from "hono/timeout";
import type { MiddlewareHandler } from "hono/types";
import { bodyBroken, bodyTooLarge, ProblemError } from "./problem_error.ts";
import type { Settings } from "../_app/settings.ts";
import type { RealtimeContext, RealtimeEnv } from "../realtime_env.ts";

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
      // These are about documents, or for browsers of the past: answers need not be longer by them.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
    async (c, next) => {
      await next();
      c.res.headers.set("Cache-Control", "no-store");
    },
  ];
}

/** Turns away pages of origins that may not call, and lets the others read the answers. */
export function forPages(settings: Settings): Middleware {
  const answerPage = cors({
    // Only origins that are allowed come this far.
    origin: (origin) => origin,
    allowMethods: ["POST"],
    exposeHeaders: EXPOSED,
    credentials: true,
    maxAge: PREFLIGHT_SECONDS,
  });
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined) {
      await assertAllowed(origin, c, settings);
      return await answerPage(c, next);
    }
    await next();
    c.res.headers.append("Vary", "Origin");
  };
}

/** Turns away pages of origins that may not call. */
export function fromAllowedOrigin(settings: Settings): Middleware {
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined) await assertAllowed(origin, c, settings);
    await next();
  };
}

/** @throws {ProblemError} when pages of this origin may not call. */
async function assertAllowed(origin: string, c: RealtimeContext, { allowedOrigins }: Settings): Promise<void> {
  if (await isAllowed(origin, c, allowedOrigins)) return;
  throw new ProblemError("origin_not_allowed", "Pages of this origin may not call");
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
      throw new ProblemError("method_not_allowed", `The method must be ${method}`, { headers: { Allow: method } });
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
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError });
  return [
    withDeadline(timeoutMs),
    // Hono's limit makes a stream of every body, which costs more than to read it: one that says that it fits is spared.
    async (c, next) => {
      if (declaredLength(c) <= maxBodyBytes) return await next();
      return await limit(c, next).catch((error) => {
        throw error instanceof ProblemError ? error : bodyBroken(error);
      });
    },
  ];
}

/** How many bytes the body has; `NaN` when that is not declared. */
function declaredLength(c: RealtimeContext): number {
  const length = c.req.header("content-length") ?? "";
  return /^\d+$/.test(length) && c.req.header("transfer-encoding") === undefined ? Number(length) : NaN;
}

/** Ends what is done for a request when the time is out. */
export function withDeadline(timeoutMs: number): Middleware {
  const limit = timeout(timeoutMs, () => new ProblemError("timed_out", "It took too long"));
  return async (c, next) => {
    const controller = new AbortController();
    c.set("signal", controller.signal);
    let work: Promise<void> | undefined;
    try {
      await limit(c, () => work = next());
    } catch (error) {
      controller.abort(error);
      letFinish(c, work);
      throw error;
    }
  };
}

/** Workers drop what is under way with the answer, unless they are told of it: a call that is to be hung up would go on. */
function letFinish(c: RealtimeContext, work: Promise<void> | undefined): void {
  if (work) lifetimeOf(c)?.waitUntil(work);
}

function lifetimeOf(c: RealtimeContext): ExecutionContext | undefined {
  try {
    return c.executionCtx;
  } catch {
    // So Hono says that the host gave none: only Workers do.
    return undefined;
  }
}

/** Turns away those whom the host does not want to serve. */
export function authorized({ authorize }: Settings): Middleware {
  return async (c, next) => {
    const authorization = await authorize(c);
    // A copy, as the headers of a redirect cannot be added to.
    if (authorization instanceof Response) return new Response(authorization.body, authorization);
    // Everything else than a clear yes is a no, whatever a function without types may give.
    if (authorization !== true && (typeof authorization !== "string" || authorization === "")) {
      throw new ProblemError("not_authorized", "You may not do this");
    }
    c.set("caller", authorization === true ? undefined : authorization);
    await next();
  };
}
