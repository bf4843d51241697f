// This module is browser compatible.
import { checkOptions, joinNames, type OptionNames, pick } from "../_internal/check_options.ts";
import { aBoolean, aFunction, aNumber } from "../_internal/option_kinds.ts";
import { systemClock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { OpenSessionOptions, Session } from "../session/mod.ts";
import { startSession } from "../session/open_session.ts";
import { toSessionConfig } from "../session/session_settings.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS } from "../transport/mod.ts";
import { createTransport } from "../transport/socket_transport.ts";
import type { Transport } from "../transport/transport.ts";
import { VOICE_NAMES, type VoiceOptions } from "../voice/voice_options.ts";
import { VoiceSession } from "../voice/voice_session.ts";
import { SESSION_NAMES } from "./_options/session_option_names.ts";
import { PageSettings } from "./_relay/page_settings.ts";
import { openRelaySocket, relayAddress } from "./_relay/open_relay_socket.ts";
import type { RelayConnectionState } from "./relay_connection_state.ts";

/**
 * Options of {@linkcode connectRelay}.
 *
 * @category Browser
 */
export interface ConnectRelayOptions extends Omit<OpenSessionOptions, "type" | "sideband">, VoiceOptions {
  /**
   * Whether the session has voice. Without it the page sends and reads text only.
   *
   * @default {true}
   */
  audio?: boolean | undefined;
  /**
   * Settings that the app lets the page change: the same list as `clientMayOverride` of the app. Another setting is
   * rejected by name before it is sent.
   *
   * @default {[]}
   */
  clientMayOverride?: readonly string[] | undefined;
  /**
   * Called when the connection breaks and when the page has reconnected: an app whose `relay.resumeMs` is above 0 waits
   * for it. The user's speech meanwhile is not sent. `missed` means that events were lost, as the app keeps a limited
   * number.
   */
  onConnection?: ((state: RelayConnectionState) => void) | undefined;
  /**
   * Constructor of the socket.
   *
   * @default {globalThis.WebSocket}
   */
  WebSocket?: typeof globalThis.WebSocket | undefined;
  /**
   * Timeout until the session is open, in milliseconds; then it rejects with a `TimeoutError`.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
}

const NAMES = /* @__PURE__ */ joinNames((): OptionNames<ConnectRelayOptions> => ({
  ...SESSION_NAMES,
  ...VOICE_NAMES,
  audio: aBoolean,
  clientMayOverride: 1,
  onConnection: aFunction,
  shared: 1,
  timeoutMs: aNumber,
  WebSocket: aFunction,
}));

/**
 * Opens a session over the relay of an edge app that is mounted at `url`: the page never has a key, and the server's
 * policy applies. Cookies of the app's origin identify the user. The session is ended when the page is closed: the app
 * does not wait for its return.
 *
 * @category Browser
 *
 * @example A text session, whose voice the page may not set
 * ```ts
 * import { connectRelay } from "@oai-rt/edge/browser";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(
 *   () => connectRelay("wss://shop.example.com/realtime", { audio: false, instructions: "Obey the page." }),
 *   TypeError,
 *   "session.instructions",
 * );
 * ```
 *
 * @throws {TypeError} when an option is unknown, a setting is reserved for the server, or the address is invalid.
 * @throws {RangeError} when an option is out of range.
 * @throws {ConnectionError} when the app cannot be reached, refuses the session, or ends it early.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export function connectRelay(
  url: string | URL,
  options: ConnectRelayOptions & { readonly audio: false },
): Promise<Session>;
/**
 * Opens a voice session over the relay.
 *
 * @category Browser
 */
export function connectRelay(url: string | URL, options?: ConnectRelayOptions): Promise<VoiceSession>;
export async function connectRelay(
  url: string | URL,
  options: ConnectRelayOptions = {},
): Promise<Session | VoiceSession> {
  checkOptions("connect to the relay", options, NAMES);
  const { clientMayOverride = [], clock = systemClock, signal, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const settings = new PageSettings(clientMayOverride);
  const address = relayAddress(url, "relay");
  settings.check({ type: "session.update", session: toSessionConfig(options, "realtime") });
  const session = await withTimeout(async (signal) => {
    const socket = await openRelaySocket(address, signal, { ...options, clock });
    const transport = checked(createTransport(socket, { url: address.href, clock }), settings);
    return await startSession(transport, { ...options, signal, type: "realtime", shared: true });
  }, { what: `connect to ${address}`, signal, timeoutMs, clock, discard: (session) => void session.close() });
  if (options.audio === false) return session;
  try {
    return new VoiceSession(session, pick(options, VOICE_NAMES));
  } catch (error) {
    void session.close();
    throw error;
  }
}

/** A transport that sends only the events that the page may send. */
function checked(transport: Transport, settings: PageSettings): Transport {
  const send = transport.send.bind(transport);
  return Object.assign(transport, {
    send(...[event, options]: Parameters<Transport["send"]>): void {
      settings.check(event);
      send(event, options);
    },
  });
}
