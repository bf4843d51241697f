import { encodeBase64 } from "../../src/audio/base64.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** A request as a {@linkcode RawServer} sees it. */
export interface RawRequest {
  /** Request line and headers. */
  readonly head: string;
  /** Whether it requests a WebSocket. */
  readonly isUpgrade: boolean;
  /** The TCP connection. */
  readonly connection: Deno.TcpConn;
  /** Resolves when the client has ended the connection. */
  readonly ended: Promise<void>;
}

/** A TCP server on a loopback port that controls every byte it sends. */
export interface RawServer extends AsyncDisposable {
  /** Address of the server as a base URL, e.g. `ws://127.0.0.1:41234/v1`. */
  readonly baseUrl: string;
  /** Request heads that arrived. */
  readonly requests: readonly RawRequest[];
  /** Resolves when the next request has arrived. */
  nextRequest(): Promise<RawRequest>;
}

/** Starts a server that calls `answer` with every request, and closes the connection when the other side does. */
export function serveRaw(answer: (request: RawRequest) => unknown): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: RawRequest[] = [];
  const connections = new Set<Promise<void>>();
  const open = new Set<Deno.TcpConn>();
  let arrived = Promise.withResolvers<RawRequest>();

  async function serve(connection: Deno.TcpConn): Promise<void> {
    const ended = Promise.withResolvers<void>();
    open.add(connection);
    try {
      const head = await readHead(connection);
      const request = { head, isUpgrade: /^upgrade: websocket/im.test(head), connection, ended: ended.promise };
      requests.push(request);
      arrived.resolve(request);
      arrived = Promise.withResolvers();
      await answer(request);
      const rest = new Uint8Array(4096);
      while (await connection.read(rest) !== null);
    } catch {
      // The other side has gone, or answer() closed the connection: both are what tests are about.
    } finally {
      open.delete(connection);
      closeQuietly(connection);
      ended.resolve();
    }
  }

  const accepting = (async () => {
    for await (const connection of listener) connections.add(serve(connection));
  })();

  return {
    baseUrl: `ws://127.0.0.1:${listener.addr.port}/v1`,
    requests,
    nextRequest: () => arrived.promise,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      open.forEach(closeQuietly);
      await Promise.all(connections);
    },
  };
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // Closed already.
  }
}

async function readHead(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(4096);
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    const length = await connection.read(buffer);
    if (length === null) throw new Error("The connection ended before the request was complete");
    head += new TextDecoder().decode(buffer.subarray(0, length));
  }
  return head;
}

/** The answer that accepts a handshake. */
export async function acceptance(head: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = /^sec-websocket-key: *(\S+)/im.exec(head)![1]!;
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(key + GUID));
  return new TextEncoder().encode(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${encodeBase64(new Uint8Array(digest))}\r\n\r\n`,
  );
}

/** A text frame, as a server sends it. */
export function textFrame(text: string): Uint8Array<ArrayBuffer> {
  return rawFrame(0x81, new TextEncoder().encode(text));
}

/** A close frame, as a server sends it. */
export function closeFrame(code: number, reason: string): Uint8Array<ArrayBuffer> {
  return rawFrame(0x88, joinBytes(new Uint8Array([code >> 8, code & 255]), new TextEncoder().encode(reason)));
}

function rawFrame(opcode: number, payload: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const header = length < 126 ? [opcode, length] : [opcode, 126, length >> 8, length & 255];
  return joinBytes(new Uint8Array(header), payload);
}

/** An HTTP answer after which the connection ends. */
export function httpAnswer(status: string, body: string, headers = ""): Uint8Array<ArrayBuffer> {
  const { length } = new TextEncoder().encode(body);
  return new TextEncoder().encode(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: ${length}\r\n${headers}\r\n${body}`,
  );
}

/** The bytes concatenated, to be sent in one segment. */
export function joinBytes(...parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
