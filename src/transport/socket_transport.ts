// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aClock, anArray, aString } from "../_internal/option_kinds.ts";
import { type ClientEvent, type Codec, realtimeCodec } from "../protocol/mod.ts";
import { SocketTransport } from "./_socket_transport.ts";
import type { Socket } from "./socket.ts";
import type { IncomingEvent, Transport } from "./transport.ts";
import type { TransportOptions } from "./transport_options.ts";

const NAMES: OptionNames<TransportOptions<never, never>> = {
  clock: aClock,
  codec: 1,
  playback: 1,
  secrets: anArray,
  shared: 1,
  url: aString,
};

/**
 * Speaks a protocol over a socket that is open: that of Realtime sessions, or that of `codec`.
 *
 * @category Transports
 *
 * @example A translation session over a socket of your own
 * ```ts
 * import { createMemorySocketPair, createTransport } from "@oai-rt/edge";
 * import { translationCodec } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const [client, server] = createMemorySocketPair();
 * const frame = new Promise((resolve) => server.listen({ message: resolve, close() {} }));
 *
 * await using transport = createTransport(client, { codec: translationCodec });
 * transport.send({ type: "session.close" });
 * assertEquals(await frame, `{"type":"session.close"}`);
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 */
export function createTransport<
  Out extends { readonly type: string } = ClientEvent,
  In extends { readonly type: string } = IncomingEvent,
>(socket: Socket, options: TransportOptions<Out, In> = {}): Transport<Out, In> {
  checkOptions("create the transport", options, NAMES);
  return toTransport(socket, options);
}

/** Creates the transport for checked options. */
export function toTransport<Out extends { readonly type: string }, In extends { readonly type: string }>(
  socket: Socket,
  options: TransportOptions<Out, In>,
): Transport<Out, In> {
  // Without a codec, the types are those of Realtime, by default.
  const { codec = realtimeCodec as unknown as Codec<Out, In>, ...rest } = options;
  return new SocketTransport(socket, codec, rest);
}
