import { randomId } from "../../_internal/ids.ts";
import { pause } from "../_app/pause.ts";
import { ProblemError } from "../_http/problem_error.ts";
import type { AppContext } from "../_app/context.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** How long an answer is kept for those who ask again, in milliseconds. */
const KEPT_MS = 600_000;

/** Interval at which the store is polled for the other server's answer, in milliseconds. */
const POLL_MS = 250;

/** How long a server may take to make an answer before another one may, as so many times the time of a request. */
const CLAIM = 4;

/** What is kept in place of an answer whose page has gone. */
const GONE = "gone";

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

/**
 * Answers that are being made, by app, and by key and body: which of two bodies a key belongs to is for the store to
 * say, as another server may have begun.
 */
const making = new WeakMap<AppContext, Map<string, Promise<CallAnswer>>>();

/**
 * Gives the answer that an earlier request with the same `Idempotency-Key` had, or makes one: one for all servers that
 * share the store. `body` gives what the request asks for: with another body a key does not mean the same.
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
  const ours = making.get(app) ?? new Map<string, Promise<CallAnswer>>();
  making.set(app, ours);
  const request = `${digest} ${key}`;
  for (let first = ours.get(request); first; first = ours.get(request)) {
    // One whose page has gone is no answer for the next.
    const answer = await first.catch(() => undefined);
    if (answer) return answer;
    c.get("signal").throwIfAborted();
  }
  const answer = findOrMakeFor(c, app, { key, digest, make });
  ours.set(request, answer);
  try {
    return await answer;
  } finally {
    ours.delete(request);
  }
}

/** What an answer is found by, or made. */
interface Wanted {
  readonly digest: string;
  readonly key: string;
  readonly make: () => Promise<CallAnswer>;
}

/** Finds an answer, or makes one. When its page has gone by the time that the store has it, the call is hung up. */
async function findOrMakeFor(c: RealtimeContext, app: AppContext, wanted: Wanted): Promise<CallAnswer> {
  const { answer, isMade } = await findOrMake(c, app, wanted);
  const signal = c.get("signal");
  if (!isMade || !signal.aborted) return answer;
  const report = (error: unknown) => app.settings.onError(error, c);
  await orReport(report, async () => await app.storeFor(c).put(wanted.key, GONE, { ttlMs: KEPT_MS }));
  await app.calls.get(answer.call_id)?.end("client_gone");
  throw signal.reason;
}

async function findOrMake(
  c: RealtimeContext,
  app: AppContext,
  { digest, key, make }: Wanted,
): Promise<{ readonly answer: CallAnswer; readonly isMade: boolean }> {
  const store = app.storeFor(c);
  const report = (error: unknown) => app.settings.onError(error, c);
  const holder = randomId("answer");
  const kept = await claim(c, app, { key, holder });
  const known = kept === undefined ? undefined : read(kept);
  if (known?.digest === digest) return { answer: known.answer, isMade: false };
  if (known) {
    throw new ProblemError("idempotency_key_reused", "The Idempotency-Key came with another body before", {
      param: "Idempotency-Key",
    });
  }
  if (kept !== undefined && kept !== GONE) {
    report(new TypeError("Cannot repeat an answer as the store gave something else"));
  }
  try {
    const answer = await make();
    await orReport(report, async () => await store.put(key, JSON.stringify({ digest, answer }), { ttlMs: KEPT_MS }));
    return { answer, isMade: true };
  } finally {
    // Another one may try what failed here.
    await orReport(report, async () => await store.release(key, holder));
  }
}

/** Waits until this server may make the answer, or another one has: gives that. */
async function claim(
  c: RealtimeContext,
  app: AppContext,
  { holder, key }: { readonly holder: string; readonly key: string },
): Promise<string | undefined> {
  const { clock, onError, timeoutMs } = app.settings;
  const store = app.storeFor(c);
  const ask = async () => {
    const { ok } = await store.hold(key, holder, { max: 1, ttlMs: timeoutMs * CLAIM });
    // Looked up after it was claimed: before, it could have been made meanwhile.
    const kept = await store.get(key);
    if (kept !== null && ok) await store.release(key, holder);
    return { ok, kept };
  };
  for (;;) {
    const asked = await orReport((error) => onError(error, c), ask);
    if (!asked || asked.kept !== null || asked.ok) return asked?.kept ?? undefined;
    await pause(POLL_MS, clock, c.get("signal"));
  }
}

/** What was kept; `undefined` for what is no answer of ours. */
function read(kept: string): { readonly answer: CallAnswer; readonly digest: string } | undefined {
  try {
    const { answer, digest } = JSON.parse(kept);
    const parts = [digest, answer.sdp, answer.call_id, answer.call_token];
    return parts.every((part) => typeof part === "string") ? { answer, digest } : undefined;
  } catch {
    return undefined;
  }
}

/** A store that fails only means that a repetition is not known as one: the call is worth more. */
async function orReport<Result>(
  report: (error: unknown) => void,
  ask: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    report(error);
    return undefined;
  }
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
