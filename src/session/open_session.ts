// This module is browser compatible.
import { checkOptions, joinNames, type OptionNames, pick } from "../_internal/check_options.ts";
import { anAbortSignal } from "../_internal/option_kinds.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { toApiError, toWireEvent } from "../_internal/wire.ts";
import { type CloseInfo, ConnectionError, RealtimeApiError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import { CoreSession } from "./core_session.ts";
import { CORE_NAMES, type CoreSessionOptions } from "./core_session_options.ts";
import { Session } from "./session.ts";
import { SESSION_NAMES, type SessionOptions } from "./session_options.ts";
import type { ApisOf, CheckedPart, SessionPart } from "./session_part.ts";
import { type SessionSettings, SETTING_NAMES, toSessionConfig } from "./session_settings.ts";

/**
 * Options for opening any session, regardless of its parts.
 *
 * @category Sessions
 */
export interface OpenCoreSessionOptions extends Omit<SessionSettings, "tools">, CoreSessionOptions {
  /**
   * Type of session: a conversation, or transcription only.
   *
   * @default {"realtime"}
   */
  type?: "realtime" | "transcription" | undefined;
  /** Stops opening the session when aborted; the transport is then closed. */
  signal?: AbortSignal | undefined;
}

/**
 * Options of {@linkcode openSession}.
 *
 * @category Sessions
 */
export interface OpenSessionOptions extends OpenCoreSessionOptions, SessionOptions {}

/** The names of the {@linkcode OpenCoreSessionOptions}, for `checkOptions`. */
export const OPEN_CORE_NAMES = /* @__PURE__ */ joinNames((): OptionNames<OpenCoreSessionOptions> => ({
  ...CORE_NAMES,
  ...SETTING_NAMES,
  signal: anAbortSignal,
  type: 1,
}));

/** The names of the {@linkcode OpenSessionOptions}, for `checkOptions`. */
export const OPEN_NAMES = /* @__PURE__ */ joinNames((): OptionNames<OpenSessionOptions> => ({
  ...OPEN_CORE_NAMES,
  ...SESSION_NAMES,
}));

/**
 * Starts a session over a transport and configures it; resolves once the server has acknowledged the configuration.
 * Events that arrive before that are kept for the first readers. When it rejects, the transport is closed. The wait for
 * `session.created` is limited only by `signal`.
 *
 * @category Sessions
 *
 * @throws {TypeError} when an option is unknown, or settings contradict each other.
 * @throws {InvalidEventError} when the configuration breaks a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the configuration.
 * @throws {ConnectionError} of kind `refused` when the server rejects the session, `closed` when the connection ends
 * without an error.
 */
export async function openSession(transport: Transport, options: OpenSessionOptions = {}): Promise<Session> {
  await orClose(transport, () => checkOptions("open a session", options, OPEN_NAMES));
  return await startSession(transport, options);
}

/** Opens a session with options that have been checked. */
export function startSession(transport: Transport, options: OpenSessionOptions): Promise<Session> {
  return open(transport, options, (transport) => new Session(transport, pick(options, SESSION_NAMES)));
}

/**
 * Starts a session with only the given parts, like {@linkcode openSession}.
 *
 * @category Sessions
 *
 * @throws {TypeError} when two parts have the same name or add the same member, and as {@linkcode openSession} does.
 */
export async function openSessionWith<Parts extends readonly SessionPart[]>(
  transport: Transport,
  options: OpenCoreSessionOptions,
  ...parts: { readonly [I in keyof Parts]: Parts[I] & CheckedPart<Parts[I]> }
): Promise<CoreSession & ApisOf<Parts>> {
  await orClose(transport, () => checkOptions("open a session", options, OPEN_CORE_NAMES));
  return await startSessionWith(transport, options, parts);
}

/** Opens a session with these parts, with options that have been checked. */
export function startSessionWith<Parts extends readonly SessionPart[]>(
  transport: Transport,
  options: OpenCoreSessionOptions,
  parts: Parts,
): Promise<CoreSession & ApisOf<Parts>> {
  const make = (transport: Transport) =>
    new CoreSession(transport, pick(options, CORE_NAMES), parts) as CoreSession & ApisOf<Parts>;
  return open(transport, options, make);
}

async function open<S extends CoreSession>(
  transport: Transport,
  options: OpenCoreSessionOptions,
  make: (transport: Transport) => S,
): Promise<S> {
  const { signal, sideband = false, type = "realtime" } = options;
  const session = await orClose(transport, () => make(transport));
  let refusal: RealtimeApiError | undefined;
  const begun = Promise.withResolvers<void>();
  // An event without required fields is malformed, but still counts.
  const stops = (["error", "session.created", "malformed_event"] as const).map((type) =>
    session.on(type, (event) => {
      const wire = toWireEvent(event);
      if (wire?.type === "error") refusal = toApiError(wire);
      if (wire?.type === "session.created") begun.resolve();
    })
  );
  const task = async (signal: AbortSignal) => {
    const config = session.configure(toSessionConfig(options, type));
    // The update reports that a session ended before it began.
    if (!sideband) await Promise.race([begun.promise, session.closed]);
    await session.update(config, { signal });
  };
  try {
    await withTimeout(task, { signal });
    return session;
  } catch (error) {
    const closing = session.close();
    // A server that did not answer may not close the connection either.
    const close = signal?.aborted || error instanceof DOMException ? undefined : await closing;
    // A server that rejects a session may not wait for its first command, which the error then seems to reject.
    const isRefused = error instanceof RealtimeApiError && error.eventId === undefined && (close?.code ?? 0) >= 3000;
    if (!(error instanceof ConnectionError) && !isRefused) throw error;
    throw explain(transport.url, refusal, error instanceof ConnectionError ? error : { close });
  } finally {
    stops.forEach((stop) => stop());
  }
}

/** The result of an action, without which the transport is closed. */
async function orClose<T>(transport: Transport, action: () => T): Promise<T> {
  try {
    return action();
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/**
 * Explains why there is no session. The server accepts the handshake even of sessions that it rejects: it then sends an
 * error and closes.
 */
function explain(
  url: string,
  refusal: RealtimeApiError | undefined,
  { cause, close }: { readonly cause?: unknown; readonly close: CloseInfo | undefined },
): ConnectionError {
  const how = close ? `, with code ${close.code}${close.reason && `: ${close.reason}`}` : "";
  const why = refusal
    ? `the server refused the session: ${refusal.message}`
    : `the connection ended before the session was ready${how}`;
  const kind = refusal ? "refused" : "closed";
  return new ConnectionError(`Cannot connect to ${url} as ${why}`, { kind, url, close, cause: refusal ?? cause });
}
