// This module is browser compatible.
import { assertFunction } from "./_assert_function.ts";
import type { ServerWebSocket, Upgrade } from "./upgrade.ts";

/**
 * The members of Bun's WebSocket, which its handlers receive, that are used.
 *
 * @category Simulator
 */
export interface BunServerWebSocket {
  /** Data attached by {@linkcode bunUpgrade}. */
  readonly data: unknown;
  /** 1 when open. */
  readonly readyState: number;
  /** Sends a text frame. */
  send(data: string): unknown;
  /** Ends the connection. */
  close(code?: number, reason?: string): void;
  /** Bytes that have not left yet. */
  getBufferedAmount(): number;
}

/**
 * The handlers of all WebSockets of a Bun server: its option `websocket`.
 *
 * @category Simulator
 */
export interface BunWebSocketHandlers {
  /** Maximum size of a frame, in bytes. */
  readonly maxPayloadLength: number;
  /** Seconds of silence after which a client is pinged, and closed when it does not answer. */
  readonly idleTimeout: number;
  /** Whether frames are compressed for clients that can read that. */
  readonly perMessageDeflate: boolean;
  /** A WebSocket is open. */
  open(webSocket: BunServerWebSocket): void;
  /** A frame has arrived. */
  message(webSocket: BunServerWebSocket, data: string | Uint8Array): void;
  /** A WebSocket has ended. */
  close(webSocket: BunServerWebSocket, code: number, reason: string): void;
}

/**
 * The method `upgrade` of a Bun server, with the types that are used.
 *
 * @category Simulator
 */
export type BunServerUpgrade = (
  request: Request,
  options: { readonly data: unknown; readonly headers?: Readonly<Record<string, string>> },
) => boolean;

/**
 * The result of {@linkcode bunUpgrade}.
 *
 * @category Simulator
 */
export interface BunUpgrade {
  /** For the option `upgrade` of the simulator. */
  readonly upgrade: Upgrade;
  /** For the option `websocket` of `Bun.serve`. */
  readonly websocket: BunWebSocketHandlers;
}

/** The longest frame that the protocol allows has 15 MiB of audio: 20 MiB in base64. */
const MAX_PAYLOAD_LENGTH = 32 * 1024 * 1024;
/** Bun pings after half of this, about as often as the real server. */
const IDLE_TIMEOUT_SECONDS = 40;

/**
 * Creates the {@linkcode Upgrade} of Bun, and its handlers.
 *
 * @category Simulator
 *
 * @param serverUpgrade `upgrade` of the server that the simulator is served by.
 * @throws {TypeError} when it is not a function.
 *
 * @example Serving the simulator
 * ```ts ignore
 * import { bunUpgrade, createSimulator } from "@oai-rt/edge/simulator";
 *
 * const { upgrade, websocket } = bunUpgrade((request, options) => server.upgrade(request, options));
 * const simulator = createSimulator({ upgrade });
 * const server = Bun.serve({ port: 8787, fetch: simulator.fetch, websocket });
 * ```
 */
export function bunUpgrade(serverUpgrade: BunServerUpgrade): BunUpgrade {
  assertFunction("serverUpgrade", serverUpgrade);
  return {
    upgrade(request, { protocol = "" }) {
      const socket = new HandledWebSocket();
      // Without this header Bun selects the first protocol that the client offers.
      const headers = { "sec-websocket-protocol": protocol };
      if (serverUpgrade(request, { data: socket, headers })) {
        // Bun has responded itself, and ignores this.
        return { response: new Response(null, { status: 101 }), socket };
      }
      throw new TypeError("Cannot upgrade to a WebSocket as Bun does not accept the request as a handshake");
    },
    websocket: {
      maxPayloadLength: MAX_PAYLOAD_LENGTH,
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      perMessageDeflate: true,
      open: (webSocket) => socketOf(webSocket).opened(webSocket),
      message: (webSocket, data) => socketOf(webSocket).received(data),
      close: (webSocket, code, reason) => socketOf(webSocket).closed(code, reason),
    },
  };
}

function socketOf({ data }: BunServerWebSocket): HandledWebSocket {
  return data as HandledWebSocket;
}

type EventType = "open" | "message" | "close";
type Listener = (event: never) => void;

/** A WebSocket that is driven by handlers. */
class HandledWebSocket implements ServerWebSocket {
  binaryType: "arraybuffer" | "blob" = "arraybuffer";
  readonly #listeners = new Map<EventType, Listener[]>();
  #webSocket: BunServerWebSocket | undefined;

  get readyState(): number {
    return this.#webSocket?.readyState ?? 0;
  }

  get bufferedAmount(): number {
    return this.#webSocket?.getBufferedAmount() ?? 0;
  }

  send(data: string): void {
    this.#webSocket?.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#webSocket?.close(code, reason);
  }

  addEventListener(type: EventType, listener: Listener): void {
    this.#listeners.set(type, [...this.#listeners.get(type) ?? [], listener]);
  }

  /** The handshake is done. */
  opened(webSocket: BunServerWebSocket): void {
    this.#webSocket = webSocket;
    this.#dispatch("open", {});
  }

  /** A frame has arrived. */
  received(data: string | Uint8Array): void {
    this.#dispatch("message", { data });
  }

  /** The connection is gone. */
  closed(code: number, reason: string): void {
    this.#dispatch("close", { code, reason });
  }

  #dispatch(type: EventType, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}
