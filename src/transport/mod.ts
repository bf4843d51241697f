// This module is browser compatible.

/**
 * Connections to a Realtime server: over a WebSocket, and in memory.
 *
 * @module
 */
export * from "./connect_web_socket.ts";
export * from "./dial_transport.ts";
export * from "./dialer.ts";
export * from "./dialer_options.ts";
export * from "./header_dialer.ts";
export * from "./memory.ts";
export * from "./socket.ts";
export * from "./socket_transport.ts";
export * from "./subprotocol_dialer.ts";
export * from "./target.ts";
export * from "./transport.ts";
export * from "./transport_options.ts";
export * from "./web_socket.ts";
export * from "./web_socket_like.ts";
export * from "./workers_dialer.ts";
