import { assertEquals } from "@std/assert";
import {
  openSession,
  type OpenSessionOptions,
  type ResponseHandle,
  type Session,
  type SessionEvent,
} from "../../src/session/mod.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair } from "../../src/transport/memory.ts";
import { createTransport } from "../../src/transport/socket_transport.ts";
import type { Socket } from "../../src/transport/socket.ts";

/** A frame of either side, as JSON. */
// deno-lint-ignore no-explicit-any -- tests read arbitrary fields
export type Frame = Readonly<Record<string, any>>;

/** The scripted other end of a session, in virtual time. */
export class FakeServer {
  /** The client's end. */
  readonly transport;
  /** Everything that the client has sent. */
  readonly sent: Frame[] = [];
  /** Time for both sides. */
  readonly clock = createVirtualClock();
  /** Code of the client's close, once it has closed. */
  closeCode: number | undefined;
  /** Whether it acknowledges tool outputs at once, as most tests do not test that. */
  takesOutputs = true;
  readonly #socket: Socket;
  #emitted = 0;

  constructor(url = "wss://fake.example/v1/realtime") {
    const [client, server] = createMemorySocketPair();
    this.transport = createTransport(client, { url });
    this.#socket = server;
    server.listen({
      message: (frame) => this.#receive(JSON.parse(String(frame))),
      close: ({ code }) => this.closeCode = code,
    });
  }

  #receive(event: Frame): void {
    this.sent.push(event);
    if (this.takesOutputs && event.item?.type === "function_call_output") acknowledgeItem(this);
  }

  /** Sends events, one after the other. */
  emit(...events: readonly Frame[]): void {
    for (const event of events) this.emitText(JSON.stringify({ event_id: `event_fake_${this.#emitted++}`, ...event }));
  }

  /** Sends a raw frame. */
  emitText(frame: string): void {
    this.#socket.send(frame);
  }

  /** Refuses a command, as the API words it. */
  refuse(eventId: string | null, code = "invalid_value", message = "That is not valid."): void {
    this.emit({
      type: "error",
      error: { type: "invalid_request_error", code, message, param: null, event_id: eventId },
    });
  }

  /** Ends the connection. */
  close(code: number, reason = ""): void {
    this.#socket.close(code, reason);
  }

  /** Lets everything happen that needs no virtual time. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }

  /** The client's events of this type. */
  sentOf(type: string): Frame[] {
    return this.sent.filter((event) => event.type === type);
  }

  /** The latest event of this type from the client. */
  last(type: string): Frame {
    const event = this.sentOf(type).at(-1);
    if (!event) throw new Error(`No ${type} was sent, only ${this.sent.map((sent) => sent.type).join(", ")}`);
    return event;
  }

  /** Types of the client's events since the last call. */
  takeTypes(): string[] {
    return this.sent.splice(0).map((event) => event.type);
  }

  /** Creates the response that the client requested last. */
  create(id: string, conversationId: string | null = "conv_1"): void {
    const { metadata = null } = this.last("response.create").response ?? {};
    this.emit(responseCreated(id, metadata, conversationId));
  }
}

/** A `response.created`. */
export function responseCreated(id: string, metadata: Frame | null = null, conversationId: string | null = "conv_1") {
  return {
    type: "response.created",
    response: {
      object: "realtime.response",
      id,
      status: "in_progress",
      output: [],
      metadata,
      conversation_id: conversationId,
    },
  };
}

/** Events of a server that ends a turn and answers it by itself. */
export function vadTurn(responseId: string): Frame[] {
  const item_id = `item_of_${responseId}`;
  return [
    { type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id },
    { type: "input_audio_buffer.speech_stopped", audio_end_ms: 500, item_id },
    { type: "input_audio_buffer.committed", item_id },
    responseCreated(responseId),
  ];
}

/** A `response.done`. */
export function responseDone(id: string, response: Frame = {}) {
  const defaults = { object: "realtime.response", id, status: "completed", output: [], conversation_id: "conv_1" };
  return { type: "response.done", response: { ...defaults, ...response } };
}

/** A piece or the end of a response's output. */
export function output(type: string, responseId: string, fields: Frame) {
  return { type, response_id: responseId, item_id: `${responseId}_item`, output_index: 0, content_index: 0, ...fields };
}

/** A `response.cancelled` outcome's details, on the wire. */
export const CANCELLED = {
  status: "cancelled",
  status_details: { type: "cancelled", reason: "client_cancelled" },
} as const;

/** A function call item. */
export function functionCall(callId: string, name: string, args = "{}", status = "completed") {
  return { id: `item_${callId}`, type: "function_call", status, name, call_id: callId, arguments: args };
}

/** The events of a finished function call. */
export function functionCallEvents(
  responseId: string,
  callId: string,
  name: string,
  args = "{}",
  status = "completed",
) {
  const place = { response_id: responseId, output_index: 0 };
  return [
    {
      type: "response.function_call_arguments.done",
      ...place,
      item_id: `item_${callId}`,
      call_id: callId,
      name,
      arguments: args,
    },
    { type: "response.output_item.done", ...place, item: functionCall(callId, name, args, status) },
  ];
}

/** Acknowledges the item that the client has added last. */
export function acknowledgeItem(server: FakeServer): void {
  server.emit({ type: "conversation.item.added", item: server.last("conversation.item.create").item });
}

/** A session that has been opened; the events sent for that are forgotten. */
export async function open(options: OpenSessionOptions = {}): Promise<{ server: FakeServer; session: Session }> {
  const server = new FakeServer();
  const opening = openSession(server.transport, { clock: server.clock, ...options });
  if (!options.sideband) server.emit({ type: "session.created", session: { type: "realtime", id: "sess_1" } });
  await server.settle();
  server.emit({ type: "session.updated", session: { type: "realtime", id: "sess_1" } });
  const session = await opening;
  // No event, however odd, makes one of our parts fail; tests name parts that do "bad".
  session.on("part_failed", ({ error, part }) => void (part === "bad" || reportError(error)));
  assertEquals(server.takeTypes(), ["session.update"]);
  return { server, session };
}

/** A session whose response `resp_1` is active. */
export async function openResponding(
  options: OpenSessionOptions = {},
): Promise<{ server: FakeServer; session: Session; handle: ResponseHandle }> {
  const { server, session } = await open(options);
  const handle = session.respond();
  await server.settle();
  server.create("resp_1");
  await server.settle();
  return { server, session, handle };
}

/** Collects events until the session ends; `types` are those that count. */
export function collect(session: Session, ...types: readonly string[]): SessionEvent[] {
  const events: SessionEvent[] = [];
  session.on("*", (event) => {
    if (types.length === 0 || types.includes(event.type)) events.push(event);
  });
  return events;
}

/** How a promise stands after everything has settled. */
export async function stateOf(promise: Promise<unknown>): Promise<"pending" | "resolved" | "rejected"> {
  let state: "pending" | "resolved" | "rejected" = "pending";
  promise.then(() => state = "resolved", () => state = "rejected");
  await createVirtualClock().advance(0);
  return state;
}
