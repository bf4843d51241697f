import { isRecord } from "../../_internal/wire.ts";
import { bodyBroken, bodyTooLarge, ProblemError } from "./problem_error.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Lines of a letter, = and a value, the first of which is the version. */
const SDP = /^v=0(?:\r?\n[a-z]=[^\r\n\0]*)*(?:\r?\n)*$/;

/** The request of a page to start a call. */
export interface Offer {
  /** SDP offer. */
  readonly sdp: string;
  /** The session settings requested by the page. */
  readonly changes: unknown;
}

/**
 * Reads the session settings requested by the page from a JSON body, `{ "session": … }`; `undefined` for an empty body.
 *
 * @throws {ProblemError} when the body has another form.
 */
export async function readChanges(c: RealtimeContext, maxBytes: number): Promise<unknown> {
  const text = await readText(c, maxBytes);
  if (text === "") return undefined;
  if (mediaType(c) !== "application/json") throw unsupported("application/json");
  return parseObject(text, ["session"]).session;
}

/**
 * Reads the offer of a call: plain, or in JSON with requested settings, `{ "sdp": …, "session": … }`.
 *
 * @throws {ProblemError} when the body has another form.
 */
export async function readOffer(c: RealtimeContext, maxBytes: number): Promise<Offer> {
  const type = mediaType(c);
  if (type !== "application/sdp" && type !== "application/json") throw unsupported("application/sdp, application/json");
  const text = await readText(c, maxBytes);
  if (type === "application/sdp") return { sdp: assertSdp(text, undefined), changes: undefined };
  const { sdp, session } = parseObject(text, ["sdp", "session"]);
  return { sdp: assertSdp(sdp, "sdp"), changes: session };
}

/** Whether code of the host has already read the body. */
export function wasBodyRead(c: RealtimeContext): boolean {
  return c.req.raw.bodyUsed || Object.keys(c.req.bodyCache).length > 0;
}

/**
 * Returns the request with its body, however that was read before.
 *
 * @throws {ProblemError} when the body breaks off, or was read in a way that leaves nothing.
 */
export async function readWhole(c: RealtimeContext): Promise<Request> {
  const { headers, url } = c.req.raw;
  const body = await readCached(c, () => c.req.arrayBuffer());
  return new Request(url, { method: "POST", headers, body });
}

/** Hono trusts a declared length. HTTP enforces it, but a manually constructed request may exceed it. */
async function readText(c: RealtimeContext, maxBytes: number): Promise<string> {
  const text = await readCached(c, () => c.req.text());
  if (text.length > maxBytes) throw bodyTooLarge(maxBytes);
  return text;
}

async function readCached<Body>(c: RealtimeContext, read: () => Promise<Body>): Promise<Body> {
  if (c.req.raw.bodyUsed && Object.keys(c.req.bodyCache).length === 0) {
    const cause = new TypeError(
      "Cannot read the body as other code has already read it: read a clone of c.req.raw or, with app.route, use c.req.text()",
    );
    throw new ProblemError("internal_error", "The server is misconfigured: the body was already read", { cause });
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
