// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { Dial, DialRequest, Socket } from "./socket.ts";
import { fromWebSocket } from "./web_socket.ts";

/** How long the request that asks why a handshake failed may take, in milliseconds. */
const DIAGNOSIS_TIMEOUT_MS = 3000;

/** What a {@linkcode createHeaderDialer} takes from its environment. */
export interface HeaderDialerOptions {
  /**
   * Constructor that takes `{ headers, protocols }` as its second argument.
   *
   * @default {globalThis.WebSocket}
   */
  WebSocket?: typeof globalThis.WebSocket | undefined;
  /**
   * Used once after a failed handshake, to learn the status and body that `WebSocket` keeps to itself.
   *
   * @default {globalThis.fetch}
   */
  fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Makes the dialer for runtimes whose `WebSocket` takes headers: Deno ≥ 2.5, Bun, Node ≥ 22. Others throw a
 * `ConnectionError` of kind `configuration`.
 */
export function createHeaderDialer(options: HeaderDialerOptions = {}): Dial {
  return (request) => dialWithHeaders(request, options);
}

async function dialWithHeaders(request: DialRequest, options: HeaderDialerOptions): Promise<Socket> {
  const { signal } = request;
  signal.throwIfAborted();
  const webSocket = construct(request, options.WebSocket ?? globalThis.WebSocket);
  const socket = fromWebSocket(webSocket);
  const opened = Promise.withResolvers<string | undefined>();
  const abort = () => {
    socket.close();
    opened.reject(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  webSocket.addEventListener("open", () => opened.resolve(undefined), { once: true });
  webSocket.addEventListener("error", (event) => opened.resolve(messageOf(event)), { once: true });
  webSocket.addEventListener("close", (event) => opened.resolve(`closed with code ${event.code}`), { once: true });
  try {
    const failure = await opened.promise;
    if (failure === undefined) return socket;
    throw await explain(request, failure, options.fetch ?? globalThis.fetch);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function construct({ url, headers, protocols }: DialRequest, Constructor: typeof WebSocket): WebSocket {
  try {
    // The WHATWG constructor has no headers; Deno, Bun and Node take this object in place of the subprotocols.
    const init = { headers: Object.fromEntries(headers), protocols: [...protocols] };
    return new Constructor(url, init as unknown as string[]);
  } catch (cause) {
    throw new ConnectionError(
      `Cannot connect to ${url} as this runtime's WebSocket does not take headers: pass a dialer`,
      { kind: "configuration", url: `${url}`, cause },
    );
  }
}

function messageOf(event: Event): string {
  return "message" in event && typeof event.message === "string" ? event.message : "";
}

/** Finds out what a runtime's opaque failure was: asks the same address once, without an upgrade. */
async function explain(request: DialRequest, message: string, fetch: typeof globalThis.fetch): Promise<ConnectionError> {
  const url = `${request.url}`;
  const told = /status code:? (\d{3})\b/i.exec(message)?.[1];
  const status = told === undefined || told === "101" ? undefined : Number(told);
  const answer = await ask(request, fetch);
  request.signal.throwIfAborted();
  if (status === undefined && (answer instanceof Error || answer.status < 400 || answer.status === 426)) {
    const detail = answer instanceof Error ? "no answer from the host" : "the handshake failed";
    return new ConnectionError(`Cannot connect to ${url} as there was ${detail}${message && `: ${message}`}`, {
      kind: answer instanceof Error ? "unreachable" : "refused",
      url,
      cause: answer instanceof Error ? answer : undefined,
    });
  }
  const known = answer instanceof Error ? { status: undefined, body: undefined } : answer;
  const same = status === undefined || known.status === status;
  return new ConnectionError(`Cannot connect to ${url} as the handshake was refused with status ${status ?? known.status}`, {
    kind: "refused",
    url,
    status: status ?? known.status,
    body: same ? known.body : undefined,
  });
}

async function ask(
  { url, headers, signal }: DialRequest,
  fetch: typeof globalThis.fetch,
): Promise<{ status: number; body: unknown } | Error> {
  const address = new URL(url);
  address.protocol = url.protocol === "wss:" ? "https:" : "http:";
  const timeout = AbortSignal.timeout(DIAGNOSIS_TIMEOUT_MS);
  try {
    const response = await fetch(address, { headers, redirect: "manual", signal: AbortSignal.any([signal, timeout]) });
    return { status: response.status, body: parseBody(await response.text()) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
