// This module is browser compatible.

/**
 * Connections to a Realtime server: over a WebSocket, and in memory.
 *
 * @module
 */
export { DEFAULT_CONNECT_TIMEOUT_MS } from "../_internal/timeout.ts";
export { connectWebSocket, type ConnectWebSocketOptions } from "./connect_web_socket.ts";
export type { DialOptions } from "./dial_options.ts";
export { dialTransport, type DialTransportOptions } from "./dial_transport.ts";
export { createDialer } from "./dialer.ts";
export type { DialerOptions } from "./dialer_options.ts";
export { createHeaderDialer } from "./header_dialer.ts";
export { createMemorySocketPair } from "./memory.ts";
export type { Dial, DialRequest, Socket, SocketEnd, SocketListener } from "./socket.ts";
export { createTransport } from "./socket_transport.ts";
export { createSubprotocolDialer, type SubprotocolDialerOptions } from "./subprotocol_dialer.ts";
export {
  type ApiKey,
  type ApiTarget,
  type AzureTarget,
  DEFAULT_BASE_URL,
  DEFAULT_MODEL,
  realtimeHeaders,
  realtimeUrl,
  type TargetOptions,
  type TranslationTargetOptions,
  translationUrl,
} from "./target.ts";
export {
  type IncomingEvent,
  MAX_UNREAD_CHARACTERS,
  type SendOptions,
  type Transport,
  type TransportPlayback,
} from "./transport.ts";
export type { TransportOptions } from "./transport_options.ts";
export { fromWebSocket } from "./web_socket.ts";
export type { WebSocketClass, WebSocketLike } from "./web_socket_like.ts";
export { createWorkersDialer } from "./workers_dialer.ts";
