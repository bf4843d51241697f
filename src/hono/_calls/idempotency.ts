import { randomId } from "../../_internal/ids.ts";
import { pause } from "../../_internal/timeout.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { orReport } from "../_quotas/guarded_store.ts";
import type { AppContext } from "../_app/context.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { type CallAnswer, claimMs } from "./call_answers.ts";

/** Time that a response is kept for repeated requests, in milliseconds. */
const KEPT_MS = 600_000;

/** Interval at which the store is polled for the other server's answer, in milliseconds. */
const POLL_MS = 250;

/** Stored in place of a response whose page has gone. */
const GONE = "gone";

/** Format of an `Idempotency-Key`. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Returns the response of an earlier request with the same `Idempotency-Key`, or creates one: a single one for all
 * servers that share the store. `body` identifies the content of the request: the same key with another body is
 * rejected.
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
  const wanted = { key, digest, make };
  return await app.answers.do(`${digest} ${key}`, c.get("signal"), () => findOrMakeFor(c, app, wanted));
}

/** How a response is found or created. */
interface Wanted {
  readonly digest: string;
  readonly key: string;
  readonly make: () => Promise<CallAnswer>;
}

/** Finds or creates a response. If its page has gone before it is stored, the call is hung up. */
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
    throw new ProblemError("idempotency_key_reused", "The Idempotency-Key was already used with another body", {
      param: "Idempotency-Key",
    });
  }
  if (kept !== undefined) report(new TypeError("Cannot repeat an answer as the stored one is invalid"));
  try {
    const answer = await make();
    await orReport(report, async () => await store.put(key, JSON.stringify({ digest, answer }), { ttlMs: KEPT_MS }));
    return { answer, isMade: true };
  } finally {
    // Another server may succeed.
    await orReport(report, async () => await store.release(key, holder));
  }
}

/** Waits until this server may create the response, or another one has created it, which is then returned. */
async function claim(
  c: RealtimeContext,
  app: AppContext,
  { holder, key }: { readonly holder: string; readonly key: string },
): Promise<string | undefined> {
  const { clock, onError } = app.settings;
  const store = app.storeFor(c);
  const ask = async () => {
    const { ok } = await store.hold(key, holder, { max: 1, ttlMs: claimMs(app.settings) });
    // Read after the claim: it could otherwise be created in between.
    const text = await store.get(key);
    const kept = text === GONE ? null : text;
    if (kept !== null && ok) await store.release(key, holder);
    return { ok, kept };
  };
  for (;;) {
    const asked = await orReport((error) => onError(error, c), ask);
    if (!asked || asked.kept !== null || asked.ok) return asked?.kept ?? undefined;
    await pause(POLL_MS, clock, c.get("signal"));
  }
}

/** Parses a stored response; `undefined` when it is invalid. */
function read(kept: string): { readonly answer: CallAnswer; readonly digest: string } | undefined {
  try {
    const { answer, digest } = JSON.parse(kept);
    const parts = [digest, answer.sdp, answer.call_id, answer.call_token];
    return parts.every((part) => typeof part === "string") ? { answer, digest } : undefined;
  } catch {
    return undefined;
  }
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
