import { ProblemError } from "../_http/problem_error.ts";
import type { AppContext } from "../_app/context.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** How long an answer is kept for those who ask again, in milliseconds. */
const KEPT_MS = 600_000;

/** What an `Idempotency-Key` may be made of. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** What a page gets for its offer. */
export interface CallAnswer {
  /** SDP answer. */
  readonly sdp: string;
  /** Id of the call. */
  readonly call_id: string;
  /** Token of the call. */
  readonly call_token: string;
}

/** An answer that is being made, and for which body. */
interface Making {
  readonly digest: string;
  readonly answer: Promise<CallAnswer>;
}

/** Answers that are being made, by app and key. */
const making = new WeakMap<AppContext, Map<string, Making>>();

/**
 * Gives the answer that an earlier request with the same `Idempotency-Key` had, or makes one. `body` gives what the request
 * asks for: with another body a key does not mean the same.
 */
export async function answerOnce(
  c: RealtimeContext,
  app: AppContext,
  body: () => string,
  make: () => Promise<CallAnswer>,
): Promise<CallAnswer> {
  const header = c.req.header("idempotency-key")?.trim();
  if (header === undefined) return await make();
  if (!KEY.test(header)) {
    const message = "The header Idempotency-Key must be 1 to 255 visible ASCII characters";
    throw new ProblemError("invalid_request", message, { param: "Idempotency-Key" });
  }
  const key = `answer ${JSON.stringify([c.get("caller") ?? null, header])}`;
  const digest = await hash(body());
  const ours = making.get(app) ?? new Map<string, Making>();
  making.set(app, ours);
  for (let first = ours.get(key); first; first = ours.get(key)) {
    if (first.digest !== digest) throw reused();
    // One whose page has gone is no answer for the next.
    const answer = await first.answer.catch(() => undefined);
    if (answer) return answer;
    c.get("signal").throwIfAborted();
  }
  const answer = findOrMake(c, app, { key, digest, make });
  ours.set(key, { digest, answer });
  try {
    return await answer;
  } finally {
    ours.delete(key);
  }
}

async function findOrMake(
  c: RealtimeContext,
  app: AppContext,
  { digest, key, make }: { readonly digest: string; readonly key: string; readonly make: () => Promise<CallAnswer> },
): Promise<CallAnswer> {
  const store = app.storeFor(c);
  const kept = await orReport(app, c, async () => await store.get(key));
  if (typeof kept === "string") return read(kept, digest);
  const answer = await make();
  await orReport(app, c, async () => await store.put(key, JSON.stringify({ digest, answer }), { ttlMs: KEPT_MS }));
  return answer;
}

function reused(): ProblemError {
  return new ProblemError("idempotency_key_reused", "The Idempotency-Key came with another body before", {
    param: "Idempotency-Key",
  });
}

function read(kept: string, digest: string): CallAnswer {
  const { answer, digest: before } = JSON.parse(kept);
  if (before === digest) return answer;
  throw reused();
}

/** A store that fails only means that a repetition is not known as one: the call is worth more. */
async function orReport<Result>(
  { settings }: AppContext,
  c: RealtimeContext,
  ask: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    settings.onError(error, c);
    return undefined;
  }
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
