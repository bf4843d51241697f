// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { aBoolean, aFunction, aNumber } from "../../_internal/option_kinds.ts";
import { INPUT_NAMES } from "../../_media/input_settings.ts";
import { systemClock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { connectLive, type ConnectLiveOptions, type LiveSession } from "../../live/mod.ts";
import { liveCodec } from "../../protocol/mod.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS } from "../../transport/mod.ts";
import { createTransport } from "../../transport/socket_transport.ts";
import { LIVE_CHANNEL_OPTIONS } from "../../live/live_options.ts";
import { openRelaySocket, relayAddress } from "../_relay/open_relay_socket.ts";
import type { ConnectRelayOptions } from "../connect_relay.ts";

/**
 * Options of {@linkcode connectLiveRelay}: those of `connectLive`, except the address and the credentials. The app
 * rejects settings that the page may not change.
 *
 * @category Browser
 */
export interface ConnectLiveRelayOptions extends
  Omit<
    ConnectLiveOptions,
    "apiKey" | "azure" | "baseUrl" | "dial" | "organization" | "project" | "safetyIdentifier" | "transport" | "url"
  >,
  Pick<ConnectRelayOptions, "onConnection" | "WebSocket"> {}

/**
 * Opens a session of the Live API over the relay of an edge app that is mounted at `url`: the page never has a key, and
 * the server's policy applies. Cookies of the app's origin identify the user. When the connection breaks, the page
 * reconnects to its session as long as the app waits for it (`relay.resumeMs`); the user's speech meanwhile is not
 * sent. The session is ended when the page is closed.
 *
 * @category Browser
 *
 * @example A session with the page's microphone and loudspeaker
 * ```ts ignore
 * import { connectLiveRelay, openMicrophone, openSpeaker } from "@oai-rt/edge/browser";
 *
 * const session = await connectLiveRelay("/realtime", { overflow: "drop-oldest" });
 * void session.pipe({ from: await openMicrophone(), to: await openSpeaker() });
 * ```
 *
 * @throws {TypeError} when an option is unknown, options contradict each other, or the address is invalid.
 * @throws {RangeError} when a time is out of range.
 * @throws {InvalidEventError} when the settings break a rule of the protocol.
 * @throws {ConnectionError} when the app cannot be reached, or refuses the session or a setting.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectLiveRelay(
  url: string | URL,
  options: ConnectLiveRelayOptions = {},
): Promise<LiveSession> {
  const { id: _id, speechLevel: _speechLevel, ...shared } = LIVE_CHANNEL_OPTIONS;
  const known: OptionNames<ConnectLiveRelayOptions> = {
    ...shared,
    ...INPUT_NAMES,
    backend: 1,
    delegation: 1,
    format: 1,
    history: 1,
    instructions: 1,
    keeper: aBoolean,
    model: 1,
    session: 1,
    store: 1,
    timeoutMs: aNumber,
    voice: 1,
    WebSocket: aFunction,
    onConnection: aFunction,
  };
  checkOptions("connect to the relay", options, known);
  const { onConnection, WebSocket, ...settings } = options;
  const { clock = systemClock, signal, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const address = relayAddress(url, "live/relay");
  const socket = await withTimeout(
    (signal) => openRelaySocket(address, signal, { clock, onConnection, WebSocket }),
    { what: `connect to ${address}`, signal, timeoutMs, clock, discard: (socket) => socket.close() },
  );
  const transport = createTransport(socket, { url: address.href, clock, codec: liveCodec });
  try {
    return await connectLive({ ...settings, transport, url: address });
  } catch (error) {
    await transport.close();
    throw error;
  }
}
