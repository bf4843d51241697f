// This module is browser compatible.
import { withoutKey } from "../_internal/api_target.ts";
import { systemClock } from "../_internal/clock.ts";
import { parseJson } from "../_internal/text/parse_json.ts";
import { readStart } from "../_internal/text/read_start.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { at, codeSuffix, isRecord, toApiError } from "../_internal/wire.ts";
import type { ConnectionError } from "../errors.ts";
import { cannotConnect } from "./_cannot_connect.ts";
import { isPageScope } from "./_page_scope.ts";
import type { DialerOptions } from "./dialer_options.ts";
import type { DialRequest } from "./socket.ts";

/** Timeout of the diagnosis of a failed handshake, in milliseconds. */
const DIAGNOSIS_TIMEOUT_MS = 3000;

/** Limit of the body that is read, in characters. */
const MAX_BODY_CHARACTERS = 65_536;

/** The status in the runtime's message: Deno, Bun and the package `ws` include it. */
const STATUS = /(?:status code|server response):? (?!101)(\d{3})\b/i;

/** The response of the host, as far as it arrived. */
interface Answer {
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly error?: unknown;
}

/**
 * Finds out why a handshake failed, as most runtimes hide status and body: requests the same address once, without an
 * upgrade. `message` is the runtime's own message, if any.
 */
export async function explainFailure(
  request: DialRequest,
  message: string,
  options: DialerOptions,
): Promise<ConnectionError> {
  const { fetch = globalThis.fetch } = options;
  const address = httpAddress(request);
  const ask = (init: RequestInit) => read((signal) => fetch(address, { ...init, signal }), request, options);
  let answer = await ask({ headers: request.headers, redirect: "manual" });
  // A page may not read every response, but can learn that there is one.
  if (answer.status === undefined && isPageScope()) answer = await ask({ mode: "no-cors" });
  const { status: answered = 0 } = answer;
  // A server that would accept the upgrade responds to a request without one with success, or with 426.
  const refusal = answered >= 300 && answered !== 426 ? answered : 0;
  const status = Number(STATUS.exec(message)?.[1] ?? refusal);
  if (status) return refused(request, status, answered === status ? answer.body : undefined);
  if (answer.status === undefined) return unreachable(request, answer.error, message);
  // Newer versions of Node.js have no message. In a page, the status is 0.
  const words = message ||
    (answered ? `the host answers a request without an upgrade with status ${answered}` : "");
  return cannotConnect(request, "the handshake failed", { kind: "refused" }, words);
}

/** The error for a response that rejects the handshake. */
export async function explainResponse(
  request: DialRequest,
  response: Response,
  options: DialerOptions,
): Promise<ConnectionError> {
  const { body } = await read(() => Promise.resolve(response), request, options);
  return refused(request, response.status, body);
}

/** The error for a host that does not answer. Its message includes the error code, which Node.js hides in a cause. */
export function unreachable(request: DialRequest, cause: unknown, message = ""): ConnectionError {
  const detail = message && `: ${message}`;
  const why = `there was no answer from the host${detail}${codeSuffix(cause, message)}`;
  return cannotConnect(request, why, { kind: "unreachable", cause });
}

/** HTTP address of the server of a WebSocket. */
export function httpAddress({ url }: DialRequest): string {
  return url.href.replace(/^ws/, "http");
}

function refused(request: DialRequest, status: number, body: unknown): ConnectionError {
  const cause = isRecord(at(body, "error")) ? toApiError(body, { status }) : undefined;
  const why = `the handshake was refused with status ${status}`;
  return cannotConnect(request, why, { kind: "refused", status, body, cause }, cause?.message);
}

async function read(
  open: (signal: AbortSignal) => Promise<Response>,
  { headers, signal }: DialRequest,
  { clock = systemClock }: DialerOptions,
): Promise<Answer> {
  let status: number | undefined;
  try {
    return await withTimeout(async (signal) => {
      const response = await open(signal);
      status = response.status;
      const text = withoutKey(await readStart(response, MAX_BODY_CHARACTERS), headers);
      return { status, body: parseJson(text) ?? text };
    }, { what: "learn why the handshake failed", signal, timeoutMs: DIAGNOSIS_TIMEOUT_MS, clock });
  } catch (error) {
    return { status, error };
  }
}
