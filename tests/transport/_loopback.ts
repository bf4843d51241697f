import { connectWebSocket } from "../../src/transport/connect_web_socket.ts";
import type { Dial } from "../../src/transport/socket.ts";
import { collectFrames } from "./_frames.ts";
import { serveWebSockets } from "./_web_socket_server.ts";
import type { Link } from "./contract.ts";

/** Connects to a WebSocket server over loopback, by the runtime's own dialer or another one. */
export async function connectOverLoopback(dial?: Dial): Promise<Link> {
  const { push, end, frames } = collectFrames();
  const opened = Promise.withResolvers<WebSocket>();
  const closed = Promise.withResolvers<CloseEvent>();
  const server = serveWebSockets((socket) => {
    socket.addEventListener("message", ({ data }) => push(data));
    socket.addEventListener("close", (event) => {
      end();
      closed.resolve(event);
    });
    opened.resolve(socket);
  });
  const transport = await connectWebSocket({ apiKey: "sk-test", baseUrl: server.baseUrl, dial });
  const socket = await opened.promise;
  return {
    transport,
    send: (data) => socket.send(data),
    frames,
    close: (code, reason) => socket.close(code, reason),
    closed: closed.promise,
    async [Symbol.asyncDispose]() {
      await transport.close();
      await closed.promise;
      await server[Symbol.asyncDispose]();
    },
  };
}
