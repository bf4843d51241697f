// This module is browser compatible.
import { checkRequiredOptions, pick } from "../../_internal/check_options.ts";
import type { Socket } from "../../transport/socket.ts";
import type { IncomingEvent, Transport } from "../../transport/transport.ts";
import { createRecorder, RECORD_NAMES, type RecordOptions } from "./recorder.ts";

/**
 * Options of {@linkcode recordSocket}.
 *
 * @category Simulator
 */
export interface RecordSocketOptions extends RecordOptions {
  /**
   * The end of the connection that the socket belongs to.
   *
   * @default {"client"}
   */
  side?: "client" | "server" | undefined;
}

/**
 * Records the frames of a socket.
 *
 * @category Simulator
 *
 * @example Recording a session
 * ```ts
 * import { connect } from "@oai-rt/edge";
 * import { createSimulator, parseRecording, recordSocket } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * await using simulator = createSimulator();
 * const lines: string[] = [];
 * const session = await connect({
 *   apiKey: "sk-test",
 *   dial: async (request) => recordSocket(await simulator.dial(request), { write: (line) => lines.push(line) }),
 * });
 * await session.close();
 * const recording = parseRecording(lines.join("\n"));
 * assertEquals(recording.map(({ dir }) => dir), ["recv", "sent", "recv", "close"]);
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 */
export function recordSocket(socket: Socket, options: RecordSocketOptions): Socket {
  checkRequiredOptions("record", options, { ...RECORD_NAMES, side: [["client", "server"]] });
  const recorder = createRecorder(pick(options, RECORD_NAMES));
  const { side = "client" } = options;
  const [outward, inward] = side === "server" ? ["recv", "sent"] as const : ["sent", "recv"] as const;
  let closedBy: "client" | "server" = side === "server" ? "client" : "server";
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(data) {
      recorder.frame(outward, data);
      socket.send(data);
    },
    close(code, reason) {
      closedBy = side;
      socket.close(code, reason);
    },
    listen(listener) {
      socket.listen({
        message(data) {
          recorder.frame(inward, data);
          listener.message(data);
        },
        close(info) {
          recorder.close(info, closedBy);
          listener.close(info);
        },
      });
    },
  };
}

/**
 * Records the events of a transport; received ones as they are read.
 *
 * @category Simulator
 *
 * @throws {TypeError} when an option is unknown.
 */
export function recordTransport(transport: Transport, options: RecordOptions): Transport {
  const recorder = createRecorder(options);
  const reader = transport.events.getReader();
  let closedBy: "client" | "server" = "server";
  const recordClose = () => transport.closed.then((info) => recorder.close(info, closedBy));
  const events = new ReadableStream<IncomingEvent>({
    async pull(controller) {
      const { done, value } = await reader.read().catch((error) => {
        void recordClose();
        throw error;
      });
      if (done) {
        controller.close();
        return await recordClose();
      }
      recorder.frame("recv", frameOf(value));
      controller.enqueue(value);
    },
    cancel(reason) {
      void recordClose();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
  const { closed, playback, shared, url } = transport;
  return {
    url,
    playback,
    shared,
    events,
    get bufferedAmount() {
      return transport.bufferedAmount;
    },
    closed,
    send(event, sendOptions) {
      transport.send(event, sendOptions);
      recorder.frame("sent", JSON.stringify(event));
    },
    check: (event) => transport.check?.(event),
    close(code, reason) {
      closedBy = "client";
      return transport.close(code, reason);
    },
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
}

/** The frame of an event, if its transport provides it. */
function frameOf(event: IncomingEvent): string {
  if (event.type !== "malformed_event") return JSON.stringify(event);
  const { raw } = event as { readonly raw: unknown };
  return typeof raw === "string" ? raw : JSON.stringify(raw);
}
