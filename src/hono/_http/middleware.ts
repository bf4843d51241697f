import type { ExecutionContext } from "hono";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import type { MiddlewareHandler, Next } from "hono/types";
import { callListener } from "../../_internal/call_listener.ts";
import { stateOf } from "../_app/request_state.ts";
import type { Settings } from "../_app/settings.ts";
import { type Telemetry, traceparentOf } from "../_events/telemetry.ts";
import { mark, markedCopy } from "./marks.ts";
import type { OriginGuard } from "./origin_guard.ts";
import { bodyBroken, bodyTooLarge, ProblemError, shuttingDown, timedOut } from "./problem_error.ts";
import { isWorkers } from "../_relay/workers_upgrade.ts";
import { wasBodyRead } from "./read_body.ts";
import type { SpanLike } from "../edge_telemetry.ts";
import type { RealtimeContext, RealtimeEnv } from "../realtime_env.ts";

type Middleware = MiddlewareHandler<RealtimeEnv>;

/** Response headers that a page of another origin may read. */
const EXPOSED = "Location,Retry-After,X-Realtime-Call-Ended,X-Realtime-Call-Id,X-Realtime-Call-Token,X-Request-Id";

/** Time that a browser may cache a preflight response, in seconds. */
const PREFLIGHT_SECONDS = "600";

const named = requestId();

/** Adds headers to every response except the upgrade to a WebSocket, which the context does not create. */
export const marked: Middleware = (c, next) => {
  mark(c);
  return named(c, next);
};

/** Reports spans and metrics of a route. */
export function traced(route: string, telemetry: Telemetry, { onError }: Settings): readonly Middleware[] {
  if (!telemetry.isOn) return [];
  return [async (c, next) => {
    const state = stateOf(c);
    let span: SpanLike | undefined;
    // The answer does not depend on what fails in a function of the host: it may be that of a call.
    const report = (error: unknown) => onError(error, c);
    callListener(() => {
      span = telemetry.startRequest(route, c.req.method);
      state.traceparent = traceparentOf(span);
    }, report);
    await next();
    callListener(() => telemetry.endRequest(route, span, c.res.status, state.problem), report);
  }];
}

/**
 * Rejects pages of other origins, and allows the others to read the response. Hono's `cors` is not used: it changes an
 * existing response, which turns its body into a stream, and every page sends its origin.
 */
export function forPages(assertAllowed: OriginGuard, method: "GET" | "POST"): Middleware {
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

/** Rejects pages of other origins. */
export function fromAllowedOrigin(assertAllowed: OriginGuard): Middleware {
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined) await assertAllowed(origin, c);
    await next();
  };
}

/** Rejects other methods. */
export function only(...methods: readonly ("GET" | "HEAD" | "POST")[]): Middleware {
  return (c, next) => {
    if ((methods as readonly string[]).includes(c.req.method)) return next();
    const message = `The method must be ${methods.join(" or ")}`;
    throw new ProblemError("method_not_allowed", message, { headers: { Allow: methods.join(", ") } });
  };
}

/** Rejects all requests once the app is being closed, and tracks pending ones. */
export class Gatekeeper {
  readonly #drained = Promise.withResolvers<void>();
  #underWay = 0;
  #isClosing = false;

  /** Whether the app is being closed. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Passes requests on while the app is open. */
  readonly pass: Middleware = async (_c, next) => {
    if (this.#isClosing) throw shuttingDown();
    this.#underWay++;
    try {
      await next();
    } finally {
      this.#underWay--;
      this.#settle();
    }
  };

  /** Rejects all later requests. */
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
 * Rejects bodies that are too long. A body already read by the host is limited when it is read again from Hono's cache.
 */
export function bounded({ maxBodyBytes }: Settings): Middleware {
  const onError = () => {
    throw bodyTooLarge(maxBodyBytes);
  };
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError });
  // Hono's limit wraps every body in a stream, which costs more than reading it: skipped for a declared length within
  // the limit.
  return (c, next) => {
    if (declaredLength(c) <= maxBodyBytes || wasBodyRead(c)) return next();
    return limit(c, next).catch((error) => {
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
    const done = Promise.withResolvers<void>();
    const expire = () => done.reject(timedOut());
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
export function authorized({ authorize, onError }: Settings): Middleware {
  return async (c, next) => {
    const authorization: unknown = await authorize(c);
    if (authorization instanceof Response) return markedCopy(authorization, c);
    // Anything other than an explicit yes means no, whatever untyped code may return.
    if (authorization !== true && (typeof authorization !== "string" || authorization === "")) {
      if (authorization) onError(unclear(authorization), c);
      throw new ProblemError("not_authorized", "You are not authorized");
    }
    c.set("caller", authorization === true ? undefined : authorization);
    await next();
  };
}

/** The mistake of a host whose callers are rejected though they were named: by a number or an object. */
function unclear(authorization: unknown): Error {
  return new TypeError(
    `Cannot authorize the caller as authorize must return a boolean, the caller's id as a string, or a Response: it returned a value of type ${typeof authorization}`,
  );
}
