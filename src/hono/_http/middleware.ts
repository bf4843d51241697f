import type { ExecutionContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import type { MiddlewareHandler, Next } from "hono/types";
import { stateOf } from "../_app/request_state.ts";
import type { Settings } from "../_app/settings.ts";
import type { Telemetry } from "../_events/telemetry.ts";
import { mark, markedCopy } from "./marks.ts";
import { originGuard } from "./origin_guard.ts";
import { bodyBroken, bodyTooLarge, ProblemError, retryAfter } from "./problem_error.ts";
import { isWorkers } from "../_relay/workers_upgrade.ts";
import { wasBodyRead } from "./read_body.ts";
import type { RealtimeContext, RealtimeEnv } from "../realtime_env.ts";

type Middleware = MiddlewareHandler<RealtimeEnv>;

/** Headers of answers that a page of another origin may read. */
const EXPOSED = "Location,Retry-After,X-Realtime-Call-Id,X-Realtime-Call-Token,X-Request-Id";

/** How long a browser may remember that it may call, in seconds. */
const PREFLIGHT_SECONDS = "600";

const named = requestId();

/** Marks every answer but the upgrade to a WebSocket, which the context does not make. */
export const marked: Middleware = (c, next) => {
  mark(c);
  return named(c, next);
};

/** Reports spans and figures of a route. */
export function traced(route: string, telemetry: Telemetry): readonly Middleware[] {
  if (!telemetry.isOn) return [];
  return [async (c, next) => {
    const state = stateOf(c);
    state.span = telemetry.startRequest(route, c.req.method);
    await next();
    telemetry.endRequest(route, state.span, c.res.status, state.problem);
  }];
}

/**
 * Turns away pages of origins that may not call, and lets the others read the answers. Not by Hono's `cors`, which adds to
 * an answer that there is: its body has to become a stream for that, and every page says its origin.
 */
export function forPages(settings: Settings, method: "GET" | "POST"): Middleware {
  const assertAllowed = originGuard(settings);
  const answerPage = async (origin: string, c: RealtimeContext, next: Next) => {
    await assertAllowed(origin, c);
    c.header("Access-Control-Allow-Origin", origin);
    c.header("Access-Control-Allow-Credentials", "true");
    c.header("Access-Control-Expose-Headers", EXPOSED);
    if (c.req.method === "OPTIONS") return answerPreflight(c, method);
    await next();
  };
  return (c, next) => {
    c.header("Vary", "Origin", { append: true });
    const origin = c.req.header("origin");
    return origin === undefined ? next() : answerPage(origin, c, next);
  };
}

function answerPreflight(c: RealtimeContext, method: string): Response {
  c.header("Access-Control-Max-Age", PREFLIGHT_SECONDS);
  c.header("Access-Control-Allow-Methods", method);
  const asked = c.req.header("access-control-request-headers");
  if (asked !== undefined) {
    c.header("Access-Control-Allow-Headers", asked);
    c.header("Vary", "Access-Control-Request-Headers", { append: true });
  }
  return c.body(null, 204);
}

/** Turns away pages of origins that may not call. */
export function fromAllowedOrigin(settings: Settings): Middleware {
  const assertAllowed = originGuard(settings);
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined) await assertAllowed(origin, c);
    await next();
  };
}

/** Turns away what is of another method. */
export function only(method: "GET" | "POST"): Middleware {
  return (c, next) => {
    if (c.req.method === method) return next();
    throw new ProblemError("method_not_allowed", `The method must be ${method}`, { headers: { Allow: method } });
  };
}

/** Turns away everything once the app is being closed, and knows what is under way. */
export class Gatekeeper {
  readonly #drained = Promise.withResolvers<void>();
  #underWay = 0;
  #isClosing = false;

  /** Whether the app is being closed. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Lets requests pass while the app is open. */
  readonly pass: Middleware = async (_c, next) => {
    if (this.#isClosing) {
      throw new ProblemError("shutting_down", "The server is about to stop", { headers: retryAfter(1000) });
    }
    this.#underWay++;
    try {
      await next();
    } finally {
      this.#underWay--;
      this.#settle();
    }
  };

  /** Lets nothing pass any more. */
  close(): void {
    this.#isClosing = true;
    this.#settle();
  }

  /** Resolves when everything that was let pass has its answer. */
  drain(): Promise<void> {
    return this.#drained.promise;
  }

  #settle(): void {
    if (this.#isClosing && this.#underWay === 0) this.#drained.resolve();
  }
}

/**
 * Turns away bodies that are too long. A body that something of the host has read is bounded by what reads it again, out
 * of the cache of Hono.
 */
export function bounded({ maxBodyBytes }: Settings): Middleware {
  const onError = () => {
    throw bodyTooLarge(maxBodyBytes);
  };
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError });
  // Hono's limit makes a stream of every body, which costs more than to read it: one that says that it fits is spared.
  return (c, next) => {
    if (declaredLength(c) <= maxBodyBytes || wasBodyRead(c)) return next();
    return limit(c, next).catch((error) => {
      throw error instanceof ProblemError ? error : bodyBroken(error);
    });
  };
}

/** How many bytes the body has; `NaN` when that is not declared. */
function declaredLength(c: RealtimeContext): number {
  const length = c.req.header("content-length") ?? "";
  return /^\d+$/.test(length) && c.req.header("transfer-encoding") === undefined ? Number(length) : NaN;
}

/**
 * Ends what is done for a request when the time is out, or the client has gone. The second is watched for from the
 * start, as runtimes tell of it only to those who listened by then, and no longer than until there is an answer, as some
 * tell of every end.
 */
export function withDeadline({ deadlines, timeoutMs }: Settings): Middleware {
  return async (c, next) => {
    const controller = new AbortController();
    c.set("signal", controller.signal);
    const client = c.req.raw.signal;
    let work: Promise<void> | undefined;
    // Workers drop what is under way with its client or its answer, unless they were told of it: a call that is to be
    // hung up would go on. There it is told from the start, as later may be too late.
    const letFinish = () => work && lifetimeOf(c)?.waitUntil(work);
    const leave = () => {
      controller.abort(new ProblemError("client_gone", "The client has gone"));
      if (!isWorkers()) letFinish();
    };
    if (client.aborted) leave();
    client.addEventListener("abort", leave, { once: true });
    const done = Promise.withResolvers<void>();
    const expire = () => done.reject(new ProblemError("timed_out", "It took too long"));
    const cancel = deadlines.schedule(expire, timeoutMs);
    try {
      work = next();
      if (isWorkers()) letFinish();
      work.then(done.resolve, done.reject);
      await done.promise;
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

/** What keeps a Worker alive after its answer; `undefined` on other hosts. */
export function lifetimeOf(c: RealtimeContext): ExecutionContext | undefined {
  try {
    return c.executionCtx;
  } catch {
    // So Hono says that the host gave none: only Workers do.
    return undefined;
  }
}

/** Rejects callers that the host does not authorize. */
export function authorized({ authorize }: Settings): Middleware {
  return async (c, next) => {
    const authorization = await authorize(c);
    if (authorization instanceof Response) return markedCopy(authorization, c);
    // Everything else than a clear yes is a no, whatever a function without types may give.
    if (authorization !== true && (typeof authorization !== "string" || authorization === "")) {
      throw new ProblemError("not_authorized", "You may not do this");
    }
    c.set("caller", authorization === true ? undefined : authorization);
    await next();
  };
}
