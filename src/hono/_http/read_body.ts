import { isRecord } from "../../_internal/wire.ts";
import { bodyBroken, bodyTooLarge, ProblemError } from "./problem_error.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** What some put before a text, and what is not part of it. */
const BYTE_ORDER_MARK = new Uint8Array([0xef, 0xbb, 0xbf]);

/** Lines of a letter, = and a value, of which the first says the version. */
const SDP = /^v=0(?:\r?\n[a-z]=[^\r\n\0]*)*(?:\r?\n)*$/;

/** What a page sends to start a call. */
export interface Offer {
  /** SDP offer. */
  readonly sdp: string;
  /** What the page wants to set of the session. */
  readonly changes: unknown;
}

/**
 * What the page wants to set of the session, from a body in JSON, `{ "session": … }`; `undefined` for an empty body.
 *
 * @throws {ProblemError} when it is something else.
 */
export async function readChanges(c: RealtimeContext, maxBytes: number): Promise<unknown> {
  const text = await readText(c, maxBytes);
  if (text === "") return undefined;
  if (mediaType(c) !== "application/json") throw unsupported("application/json");
  return parseObject(text, ["session"]).session;
}

/**
 * The offer of a call: bare, or in JSON with what the page wants to set, `{ "sdp": …, "session": … }`.
 *
 * @throws {ProblemError} when it is something else.
 */
export async function readOffer(c: RealtimeContext, maxBytes: number): Promise<Offer> {
  const type = mediaType(c);
  if (type !== "application/sdp" && type !== "application/json") throw unsupported("application/sdp, application/json");
  const text = await readText(c, maxBytes);
  if (type === "application/sdp") return { sdp: assertSdp(text, undefined), changes: undefined };
  const { sdp, session } = parseObject(text, ["sdp", "session"]);
  return { sdp: assertSdp(sdp, "sdp"), changes: session };
}

/** Whether something of the host has read the body before. */
export function wasBodyRead(c: RealtimeContext): boolean {
  return c.req.raw.bodyUsed || Object.keys(c.req.bodyCache).length > 0;
}

/**
 * The body as it came, byte for byte, in all the ways that it can have come: where something of the host has read it as
 * text, a byte order mark was lost.
 *
 * @throws {ProblemError} when it breaks off, or was read in a way that leaves nothing.
 */
export async function readWhole(c: RealtimeContext): Promise<readonly Request[]> {
  const { headers, url } = c.req.raw;
  const wasText = ["text", "json"].some((name) => name in c.req.bodyCache);
  const bytes = await readCached(c, () => c.req.arrayBuffer());
  const bodies = wasText ? [bytes, new Blob([BYTE_ORDER_MARK, bytes])] : [bytes];
  return bodies.map((body) => new Request(url, { method: "POST", headers, body }));
}

/** Hono believes a length that is declared. HTTP sees to that; a request that was made by hand may still have more. */
async function readText(c: RealtimeContext, maxBytes: number): Promise<string> {
  const text = await readCached(c, () => c.req.text());
  if (text.length > maxBytes) throw bodyTooLarge(maxBytes);
  return text;
}

async function readCached<Body>(c: RealtimeContext, read: () => Promise<Body>): Promise<Body> {
  if (c.req.raw.bodyUsed && Object.keys(c.req.bodyCache).length === 0) {
    const cause = new TypeError(
      "Cannot read the body as something before this app has read it from c.req.raw: read it by c.req.text(), or a clone",
    );
    throw new ProblemError("internal_error", "The server is not set up: the body was read before", { cause });
  }
  try {
    return await read();
  } catch (error) {
    throw bodyBroken(error);
  }
}

function assertSdp(sdp: unknown, param: string | undefined): string {
  if (typeof sdp === "string" && SDP.test(sdp)) return sdp;
  throw new ProblemError("invalid_sdp", "The offer must be SDP, whose first line is v=0", { param });
}

function mediaType(c: RealtimeContext): string | undefined {
  return c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
}

function unsupported(accepted: string): ProblemError {
  const message = `The body must be of type ${accepted.replace(", ", " or ")}`;
  return new ProblemError("unsupported_media_type", message, { headers: { "Accept-Post": accepted } });
}

function parseObject(text: string, names: readonly string[]): Record<string, unknown> {
  const body = parse(text);
  if (!isRecord(body)) throw new ProblemError("invalid_request", "The body must be an object in JSON");
  const other = Object.keys(body).find((name) => !names.includes(name));
  if (other === undefined) return body;
  const message = `The body must have no fields but ${names.join(" and ")}`;
  throw new ProblemError("invalid_request", message, { param: other.slice(0, 100) });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
