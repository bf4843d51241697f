/** A WebSocket server on a loopback port that the system chose. */
export interface WebSocketServer extends AsyncDisposable {
  /** Address of the server as a base URL, e.g. `ws://127.0.0.1:41234/v1`. */
  readonly baseUrl: string;
  /** Address and headers of the requests that arrived. */
  readonly requests: readonly Pick<Request, "url" | "headers">[];
}

/** Starts a server that hands every WebSocket to `onSocket`, open. */
export function serveWebSockets(onSocket: (socket: WebSocket) => void): WebSocketServer {
  const requests: Pick<Request, "url" | "headers">[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    requests.push({ url: request.url, headers: new Headers(request.headers) });
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => onSocket(socket));
    return response;
  });
  return {
    baseUrl: `ws://127.0.0.1:${server.addr.port}/v1`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
