// This module is browser compatible.
import { toApiError } from "../_internal/wire.ts";
import { ConnectionError, type RealtimeApiError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import { Session, type SessionOptions } from "./session.ts";
import { type SessionSettings, toSessionConfig } from "./session_settings.ts";

/** Options of {@linkcode openSession}. */
export interface OpenSessionOptions extends SessionSettings, Omit<SessionOptions, "tools"> {
  /**
   * Kind of session: a conversation, or transcription only.
   *
   * @default {"realtime"}
   */
  type?: "realtime" | "transcription" | undefined;
  /**
   * Whether this joins a call that others have opened: the server then sends no `session.created`.
   *
   * @default {false}
   */
  sideband?: boolean | undefined;
  /** Gives up when aborted; the transport is closed then. */
  signal?: AbortSignal | undefined;
}

/**
 * Starts a session over a transport and configures it; resolves once the server has acknowledged the configuration.
 * Nothing that arrives meanwhile is lost: the first readers get it. When it rejects, the transport is closed.
 *
 * @throws {TypeError} when the settings contradict each other.
 * @throws {InvalidEventError} when the configuration breaks a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the configuration.
 * @throws {ConnectionError} of kind `refused` when the server turns the session away, `closed` when it ends without a word.
 */
export async function openSession(transport: Transport, options: OpenSessionOptions = {}): Promise<Session> {
  const config = toSessionConfig(options, options.type ?? "realtime");
  const { signal } = options;
  const session = new Session(transport, options);
  const abort = () => void session.close();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    signal?.throwIfAborted();
    if (!options.sideband) await created(session, transport.url);
    await session.update(config, { signal });
    return session;
  } catch (error) {
    await session.close();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/**
 * Waits for `session.created`. The server accepts the handshake of those it turns away, too: it then sends an error and
 * closes.
 */
async function created(session: Session, url: string): Promise<void> {
  let refusal: RealtimeApiError | undefined;
  const arrived = Promise.withResolvers<undefined>();
  const listeners = [
    session.on("session.created", () => arrived.resolve(undefined)),
    session.on("error", (event) => void (refusal = toApiError({ ...event }))),
  ];
  const close = await Promise.race([arrived.promise, session.closed]);
  for (const remove of listeners) remove();
  if (!close) return;
  const how = `code ${close.code}${close.reason && `: ${close.reason}`}`;
  throw refusal
    ? new ConnectionError(`Cannot connect to ${url} as the server refused the session: ${refusal.message}`, {
      kind: "refused",
      url,
      close,
      cause: refusal,
    })
    : new ConnectionError(`Cannot connect to ${url} as the connection ended before the session was ready, with ${how}`, {
      kind: "closed",
      url,
      close,
    });
}
