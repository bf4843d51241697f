// This module is browser compatible.
import { checkApiTarget } from "./_internal/api_target.ts";
import { assertRuntime } from "./_internal/assert_runtime.ts";
import { checkOptions } from "./_internal/check_options.ts";
import { systemClock } from "./_internal/clock.ts";
import { withTimeout } from "./_internal/timeout.ts";
import { canReopen } from "./_recovery/can_reopen.ts";
import { CONNECT_NAMES, CONNECT_WITH_NAMES, type ConnectOptions, type ConnectWithOptions } from "./connect_options.ts";
import {
  type ApisOf,
  type CheckedPart,
  type CoreSession,
  type OpenCoreSessionOptions,
  recoveryPart,
  type Session,
  type SessionPart,
} from "./session/mod.ts";
import { startSession, startSessionWith } from "./session/open_session.ts";
import { LIMIT_NAMES } from "./session/session_limits.ts";
import { openWebSocketTransport } from "./transport/connect_web_socket.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS, type Transport } from "./transport/mod.ts";
import { toRealtimeUrl } from "./transport/target.ts";

export type { ConnectOptions, ConnectWithOptions } from "./connect_options.ts";

/**
 * Connects to the Realtime API and opens a session: resolves when the server has created it and acknowledged its first
 * configuration. Events that arrive before that are kept for the first readers.
 *
 * @category Connecting
 *
 * @example Asking for a word
 * ```ts
 * import { connect } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const simulator = createSimulator();
 * await using session = await connect({
 *   apiKey: "sk-test",
 *   dial: simulator.dial,
 *   instructions: "Answer in a word.",
 *   outputModalities: ["text"],
 * });
 * const { status, text } = await session.ask("How are you?");
 * assertEquals([status, text], ["completed", "You said: How are you?"]);
 * ```
 *
 * @throws {TypeError} when an option is unknown, or options contradict each other.
 * @throws {InvalidEventError} when the configuration breaks a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the configuration.
 * @throws {ConnectionError} when there is no key, the host cannot be reached, or the session is refused or ends early.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connect(options: ConnectOptions): Promise<Session> {
  let recovery: SessionPart | undefined;
  const session = await dial(
    options,
    CONNECT_NAMES,
    (transport, opening) => startSession(transport, { ...options, ...opening }),
    () => recovery = toRecoveryPart(options),
  );
  if (recovery) session.install(recovery);
  return session;
}

/** The part that keeps the session alive, if another connection is possible. */
export function toRecoveryPart(options: ConnectOptions): SessionPart | undefined {
  const { recovery, timeoutMs } = options;
  if (recovery === false) return undefined;
  // The part checks the names.
  checkOptions("connect", recovery, undefined, "recovery");
  const open = (signal: AbortSignal) => openWebSocketTransport({ ...options, signal });
  const part = recoveryPart({ ...recovery, timeoutMs, open });
  return canReopen(options, ": install recoveryPart with open instead") ? part : undefined;
}

/**
 * Connects to the Realtime API and opens a session with only the given parts, so that a bundle contains no others. It
 * throws the errors of {@linkcode connect}.
 *
 * @category Connecting
 *
 * @example A session that only keeps the conversation
 * ```ts
 * import { connectWith, conversationPart } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const options = { apiKey: "sk-test", dial: createSimulator().dial, outputModalities: ["text"] } as const;
 * await using session = await connectWith(options, conversationPart());
 * await session.ask("Hello!");
 * assertEquals(session.conversation.getSnapshot().length, 2);
 * ```
 */
export function connectWith<Parts extends readonly SessionPart[]>(
  options: ConnectWithOptions,
  ...parts: { readonly [I in keyof Parts]: Parts[I] & CheckedPart<Parts[I]> }
): Promise<CoreSession & ApisOf<Parts>> {
  return dial(
    options,
    CONNECT_WITH_NAMES,
    (transport, opening) => startSessionWith(transport, { ...options, ...opening }, parts),
  );
}

/** Opens a session over a connection; `prepare` is called before it dials. */
async function dial<S extends { close(): Promise<unknown> }>(
  options: ConnectWithOptions,
  known: Readonly<Record<string, unknown>>,
  open: (transport: Transport, opening: OpenCoreSessionOptions) => Promise<S>,
  prepare?: () => void,
): Promise<S> {
  const { transport, intent } = options ?? {};
  try {
    assertRuntime();
    checkConnectOptions(options, known);
    prepare?.();
    const target = transport?.url ?? toRealtimeUrl(options);
    return await withTimeout(async (signal) => {
      const connection = transport ?? await openWebSocketTransport({ ...options, signal });
      return await open(connection, {
        signal,
        type: intent === "transcription" ? "transcription" : "realtime",
        sideband: options.callId !== undefined || connection.shared,
        shared: options.shared ?? connection.shared,
      });
    }, {
      what: `connect to ${target}`,
      signal: options.signal,
      timeoutMs: options.timeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      clock: options.clock ?? systemClock,
      discard: (session) => void session.close(),
    });
  } catch (error) {
    // A transport that was passed in is closed, too.
    void transport?.close?.();
    throw error;
  }
}

/** Rejects options that would otherwise be silently ignored. */
function checkConnectOptions(options: ConnectOptions, known: Readonly<Record<string, unknown>>): void {
  checkApiTarget("connect", options, known);
  const { limits, session } = options;
  checkOptions("connect", limits, LIMIT_NAMES, "limits");
  // The rules of the protocol check its fields.
  checkOptions("connect", session, undefined, "session");
}
