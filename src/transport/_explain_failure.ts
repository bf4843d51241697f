// This module is browser compatible.
import { withoutKey } from "../_internal/api_target.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { at, isRecord, toApiError } from "../_internal/wire.ts";
import { ConnectionError } from "../errors.ts";
import type { DialRequest } from "./socket.ts";

/** How long the request that asks why a handshake failed may take, in milliseconds. */
const DIAGNOSIS_TIMEOUT_MS = 3000;

/** How much of the answer to that request is read, in characters. */
const MAX_BODY_CHARACTERS = 65_536;

/** What {@linkcode explainFailure} takes from its environment. */
interface Environment {
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly clock?: Clock | undefined;
}

/** What the same address said to a request without an upgrade, as far as that went. */
interface Answer {
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly error?: unknown;
}

/**
 * Finds out why a handshake failed, as most runtimes keep status and body to themselves: asks the same address once,
 * without an upgrade. `message` is what the runtime said, if anything.
 */
export async function explainFailure(
  request: DialRequest,
  message: string,
  environment: Environment,
): Promise<ConnectionError> {
  const url = `${request.url}`;
  const answer = await ask(request, environment);
  request.signal.throwIfAborted();
  const status = statusIn(message) ?? refusalIn(answer);
  if (status !== undefined) return refused(url, status, answer.status === status ? answer.body : undefined);
  const detail = message && `: ${message}`;
  return answer.status === undefined
    ? new ConnectionError(`Cannot connect to ${url} as there was no answer from the host${detail}`, {
      kind: "unreachable",
      url,
      cause: answer.error,
    })
    : new ConnectionError(`Cannot connect to ${url} as the handshake failed${detail}`, { kind: "refused", url });
}

function refused(url: string, status: number, body: unknown): ConnectionError {
  const cause = isRecord(at(body, "error")) ? toApiError(body, status) : undefined;
  const words = cause ? `: ${cause.message}` : "";
  const message = `Cannot connect to ${url} as the handshake was refused with status ${status}${words}`;
  return new ConnectionError(message, { kind: "refused", url, status, body, cause });
}

/** The status that the runtime's words tell: Deno and Bun name it. */
function statusIn(message: string): number | undefined {
  const status = /status code:? (?!101)(\d{3})\b/i.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** A server that would take the upgrade answers a request without one with success, or with 426. */
function refusalIn({ status = 0 }: Answer): number | undefined {
  return status >= 400 && status !== 426 ? status : undefined;
}

async function ask({ url, headers, signal }: DialRequest, environment: Environment): Promise<Answer> {
  const { fetch = globalThis.fetch, clock = systemClock } = environment;
  const address = new URL(url);
  address.protocol = url.protocol === "wss:" ? "https:" : "http:";
  let status: number | undefined;
  try {
    return await withTimeout(async (signal) => {
      const response = await fetch(address, { headers, redirect: "manual", signal });
      status = response.status;
      return { status, body: parseBody(withoutKey(await readStart(response), headers)) };
    }, { what: "learn why the handshake failed", signal, timeoutMs: DIAGNOSIS_TIMEOUT_MS, clock });
  } catch (error) {
    return { status, error };
  }
}

async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= MAX_BODY_CHARACTERS) break;
  }
  return text.slice(0, MAX_BODY_CHARACTERS);
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
