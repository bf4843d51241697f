// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type { FieldIssue } from "../../../protocol/mod.ts";
import { parseJson } from "../../../_internal/text/parse_json.ts";
import { fieldErrorOf } from "../../_session/field_errors.ts";

/** The body of a call request. */
export interface OfferBody {
  /** SDP offer. */
  readonly sdp: string;
  /** Settings of the session; absent when the request has none. */
  readonly session?: unknown;
}

/** Reads the body of a request as JSON, and checks it; no body is an empty object. */
export async function readJson<Body>(
  request: Request,
  check: (body: unknown) => readonly FieldIssue[],
): Promise<Body> {
  const body = readObject(await request.text() || "{}");
  assertValid(body, check);
  return body as Body;
}

/** Reads the body of a call: the bare offer, or a form of the offer and the session's settings. */
export async function readOffer(request: Request): Promise<OfferBody> {
  const type = mediaType(request);
  if (type === "application/sdp") return { sdp: await request.text() };
  if (type !== "multipart/form-data") {
    throw serverError("unsupported_media_type", { type });
  }
  const form = await readForm(request);
  const [sdp, session] = await Promise.all([textOf(form.get("sdp")), textOf(form.get("session"))]);
  if (sdp === undefined) {
    throw serverError("missing_parameter", { param: "sdp" });
  }
  return session === undefined ? { sdp } : { sdp, session: readObject(session) };
}

/** @throws {ServerError} when a body breaks a rule. */
export function assertValid(body: unknown, check: (body: unknown) => readonly FieldIssue[]): void {
  const [issue] = check(body);
  if (!issue) return;
  throw fieldErrorOf(issue);
}

function mediaType({ headers }: Request): string {
  return (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function readObject(text: string): unknown {
  const body = parseJson(text);
  if (body === undefined) {
    throw serverError("body_not_json");
  }
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw serverError("body_not_an_object");
}

async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw serverError("body_not_a_form");
  }
}

/** A part of a form, which some clients send as a file. */
async function textOf(part: FormDataEntryValue | null): Promise<string | undefined> {
  return part === null ? undefined : typeof part === "string" ? part : await part.text();
}
