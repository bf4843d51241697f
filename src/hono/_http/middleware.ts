import type { ExecutionContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import type { MiddlewareHandler } from "hono/types";
import { stateOf } from "../_app/request_state.ts";
import type { Settings } from "../_app/settings.ts";
import type { Telemetry } from "../_events/telemetry.ts";
import { originGuard } from "./origin_guard.ts";
import { bodyBroken, bodyTooLarge, ProblemError, retryAfter } from "./problem_error.ts";
import { isWorkers } from "../_relay/workers_upgrade.ts";
import { wasBodyRead } from "./read_body.ts";
import type { RealtimeContext, RealtimeEnv } from "../realtime_env.ts";

type Middleware = MiddlewareHandler<RealtimeEnv>;

/** Response headers that a page of another origin may read. */
const EXPOSED = [
  "Location",
  "Retry-After",
  "X-Realtime-Call-Ended",
  "X-Realtime-Call-Id",
  "X-Realtime-Call-Token",
  "X-Request-Id",
];

/** Time that a browser may cache a preflight response, in seconds. */
const PREFLIGHT_SECONDS = 600;

const secured = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  // It concerns the whole domain, so it is left to the host.
  strictTransportSecurity: false,
  // These concern documents, or old browsers, and would only make responses longer.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** Adds headers to every response: the id of the request, and against framing, sniffing and caching. */
export function marked(): readonly Middleware[] {
  return [
    requestId(),
    secured,
    async (c, next) => {
      await next();
      c.res.headers.set("Cache-Control", "no-store");
    },
  ];
}

/** The same, except for an upgrade to a WebSocket, which must not be changed. */
export function markedUnlessUpgraded(): readonly Middleware[] {
  const nothing = () => Promise.resolve();
  return [
    requestId({ headerName: "" }),
    async (c, next) => {
      await next();
      if (stateOf(c).isUpgraded) return;
      await secured(c, nothing);
      c.res.headers.set("X-Request-Id", c.get("requestId"));
      c.res.headers.set("Cache-Control", "no-store");
    },
  ];
}

/** Reports spans and metrics of a route. */
export function traced(route: string, telemetry: Telemetry): readonly Middleware[] {
  if (!telemetry.isOn) return [];
  return [async (c, next) => {
    const state = stateOf(c);
    state.span = telemetry.startRequest(route, c.req.method);
    await next();
    telemetry.endRequest(route, state.span, c.res.status, state.problem);
  }];
}

/** Rejects pages of other origins, and allows the others to read the response. */
export function forPages(settings: Settings, method: "GET" | "POST"): Middleware {
  const answerPage = cors({
    // Only allowed origins come this far.
    origin: (origin) => origin,
    allowMethods: [method],
    exposeHeaders: EXPOSED,
    credentials: true,
    maxAge: PREFLIGHT_SECONDS,
  });
  const assertAllowed = originGuard(settings);
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined) {
      await assertAllowed(origin, c);
      return await answerPage(c, next);
    }
    await next();
    c.res.headers.append("Vary", "Origin");
  };
}

/** Rejects pages of other origins. */
export function fromAllowedOrigin(settings: Settings): Middleware {
  const assertAllowed = originGuard(settings);
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined) await assertAllowed(origin, c);
    await next();
  };
}

/** Rejects other methods. */
export function only(method: "GET" | "POST"): Middleware {
  return async (c, next) => {
    if (c.req.method !== method) {
      throw new ProblemError("method_not_allowed", `The method must be ${method}`, { headers: { Allow: method } });
    }
    await next();
  };
}

/** Rejects all requests once the app is being closed, and tracks pending ones. */
export class Gatekeeper {
  readonly #underWay = new Set<Promise<void>>();
  #isClosing = false;

  /** Whether the app is being closed. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Passes requests on while the app is open. */
  readonly pass: Middleware = async (_c, next) => {
    if (this.#isClosing) {
      throw new ProblemError("shutting_down", "The server is shutting down", { headers: retryAfter(1000) });
    }
    const work = next();
    this.#underWay.add(work);
    await work.finally(() => this.#underWay.delete(work));
  };

  /** Rejects all later requests. */
  close(): void {
    this.#isClosing = true;
  }

  /** Resolves when every accepted request has its response. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }
}

/**
 * Rejects bodies that are too long. A body already read by the host is limited when it is read again from Hono's cache.
 */
export function bounded({ maxBodyBytes }: Settings): Middleware {
  const onError = () => {
    throw bodyTooLarge(maxBodyBytes);
  };
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError });
  // Hono's limit wraps every body in a stream, which costs more than reading it: skipped for a declared length within
  // the limit.
  return async (c, next) => {
    if (declaredLength(c) <= maxBodyBytes || wasBodyRead(c)) return await next();
    return await limit(c, next).catch((error) => {
      throw error instanceof ProblemError ? error : bodyBroken(error);
    });
  };
}

/** The declared length of the body in bytes; `NaN` when there is none. */
function declaredLength(c: RealtimeContext): number {
  const length = c.req.header("content-length") ?? "";
  return /^\d+$/.test(length) && c.req.header("transfer-encoding") === undefined ? Number(length) : NaN;
}

/**
 * Ends the work for a request at the timeout, or when the client disconnects. The latter is observed from the start, as
 * runtimes report it only to listeners registered by then, and only until there is a response, as some runtimes report
 * every end.
 */
export function withDeadline({ deadlines, timeoutMs }: Settings): Middleware {
  return async (c, next) => {
    const controller = new AbortController();
    c.set("signal", controller.signal);
    const client = c.req.raw.signal;
    let work: Promise<void> | undefined;
    // Workers drop pending work with its client or its response, unless it was registered: a call that is to be hung up
    // would continue. It is registered at the start, as later may be too late.
    const letFinish = () => work && lifetimeOf(c)?.waitUntil(work);
    const leave = () => {
      controller.abort(new ProblemError("client_gone", "The client has disconnected"));
      if (!isWorkers()) letFinish();
    };
    if (client.aborted) leave();
    client.addEventListener("abort", leave, { once: true });
    const late = Promise.withResolvers<never>();
    const expire = () => late.reject(new ProblemError("timed_out", "The request timed out"));
    const cancel = deadlines.schedule(expire, timeoutMs);
    try {
      work = next();
      if (isWorkers()) letFinish();
      await Promise.race([work, late.promise]);
    } catch (error) {
      controller.abort(error);
      if (!isWorkers()) letFinish();
      throw error;
    } finally {
      cancel();
      client.removeEventListener("abort", leave);
    }
  };
}

/** The context that keeps a Worker alive after its response; `undefined` on other hosts. */
export function lifetimeOf(c: RealtimeContext): ExecutionContext | undefined {
  try {
    return c.executionCtx;
  } catch {
    // Hono throws when the host passed none: only Workers do.
    return undefined;
  }
}

/** Rejects callers that the host does not authorize. */
export function authorized({ authorize }: Settings): Middleware {
  return async (c, next) => {
    const authorization = await authorize(c);
    // A copy, as the headers of a redirect are immutable.
    if (authorization instanceof Response) return new Response(authorization.body, authorization);
    // Anything other than an explicit yes means no, whatever untyped code may return.
    if (authorization !== true && (typeof authorization !== "string" || authorization === "")) {
      throw new ProblemError("not_authorized", "You are not authorized");
    }
    c.set("caller", authorization === true ? undefined : authorization);
    await next();
  };
}
