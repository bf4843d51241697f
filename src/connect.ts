// This module is browser compatible.
import { systemClock } from "./_internal/clock.ts";
import { withTimeout } from "./_internal/timeout.ts";
import { openSession, type OpenSessionOptions, type Session } from "./session/mod.ts";
import {
  connectWebSocket,
  type ConnectWebSocketOptions,
  DEFAULT_CONNECT_TIMEOUT_MS,
  realtimeUrl,
  type Transport,
} from "./transport/mod.ts";

/** Options of {@linkcode connect}. */
export interface ConnectOptions extends ConnectWebSocketOptions, Omit<OpenSessionOptions, "type" | "sideband"> {
  /**
   * A connection that is open already, in memory or over WebRTC; nothing is dialled then. It is closed when no session
   * can be opened over it. When it is `shared`, the session is, and does not wait for `session.created`.
   */
  transport?: Transport | undefined;
}

/**
 * Connects to the Realtime API and opens a session: resolves when the server has created it and acknowledged its first
 * configuration. Events that arrive meanwhile are kept for the first readers.
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
 * await session.sendMessage("How are you?");
 * const response = session.respond();
 * assertEquals((await response.done).status, "completed");
 * ```
 *
 * @throws {TypeError} when the options contradict each other.
 * @throws {InvalidEventError} when the configuration breaks a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the configuration.
 * @throws {ConnectionError} when there is no key, the host cannot be reached, or the session is refused or ends early.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connect(options: ConnectOptions): Promise<Session> {
  const { transport, intent } = options;
  try {
    const target = transport?.url ?? realtimeUrl(options);
    return await withTimeout(async (signal) => {
      const open = transport ?? await connectWebSocket({ ...options, signal });
      return await openSession(open, {
        ...options,
        signal,
        type: intent === "transcription" ? "transcription" : "realtime",
        sideband: options.callId !== undefined || open.shared,
        shared: options.shared ?? open.shared,
      });
    }, {
      what: `connect to ${target}`,
      signal: options.signal,
      timeoutMs: options.timeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      clock: options.clock ?? systemClock,
    });
  } catch (error) {
    // Whoever hands a transport in does not get it back.
    void transport?.close();
    throw error;
  }
}
