import type { Frame } from "./_client.ts";

/** A client over a real socket. */
export interface SocketClient extends AsyncDisposable {
  /** The socket. */
  readonly socket: WebSocket;
  /** Received frames. */
  readonly received: readonly Frame[];
  /** How the connection ended. */
  readonly closed: Promise<CloseEvent>;
  /** Sends an event. */
  send(event: Readonly<Record<string, unknown>>): void;
  /** Resolves with the first event of a type. */
  first(type: string): Promise<Frame>;
}

/** Dials an HTTP address with an API key in the header. */
export function dialSocket(address: string, headers: HeadersInit = { authorization: "Bearer sk-test" }): SocketClient {
  return listenTo(new WebSocket(address.replace(/^http/, "ws"), { headers }));
}

/** Listens to a socket that is still opening. */
export function listenTo(socket: WebSocket): SocketClient {
  const received: Frame[] = [];
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  let notify = () => {};
  socket.addEventListener("message", ({ data }) => {
    received.push(JSON.parse(data));
    notify();
  });
  void closed.then(() => notify());
  return {
    socket,
    received,
    closed,
    send: (event) => socket.send(JSON.stringify(event)),
    async first(type) {
      for (;;) {
        const found = received.find((frame) => frame.type === type);
        if (found) return found;
        if (socket.readyState > 1) throw new Error(`The socket ended without ${type}: ${JSON.stringify(received)}`);
        await new Promise<void>((resolve) => notify = resolve);
      }
    },
    async [Symbol.asyncDispose]() {
      socket.close(1000);
      await closed;
    },
  };
}

/** Requests a text response, and returns it. */
export async function askInText(client: SocketClient, text: string): Promise<string> {
  await client.first("session.created");
  client.send({
    type: "conversation.item.create",
    item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
  });
  client.send({ type: "response.create", response: { output_modalities: ["text"] } });
  await client.first("response.done");
  return String((await client.first("response.output_text.done")).text);
}
