/** A page that speaks WebSocket by itself, and may break its rules. */
import { encodeBase64 } from "@std/encoding/base64";

/** Opcodes of frames. */
const TEXT = 0x81;

/** A connection after its handshake. */
export interface RawPage extends Disposable {
  /** Sends bytes as they are. */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Resolves when the server has sent this text. */
  until(text: string): Promise<void>;
  /** Ends the connection without a close frame. */
  leave(): void;
}

/** Opens a WebSocket to a path of a host. */
export async function openRawPage(url: string, path: string, cookie: string): Promise<RawPage> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const key = encodeBase64(crypto.getRandomValues(new Uint8Array(16)));
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${key}`,
    `Cookie: ${cookie}`,
  ];
  const send = async (bytes: Uint8Array<ArrayBuffer>) => {
    try {
      while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
    } catch (error) {
      // The server has ended the connection before it had everything.
      if (!(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)) throw error;
    }
  };
  let seen = "";
  let isOpen = true;
  const read = async () => {
    const chunk = new Uint8Array(65_536);
    try {
      const length = await connection.read(chunk);
      if (length === null) return false;
      seen += new TextDecoder("latin1").decode(chunk.subarray(0, length));
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) return false;
      throw error;
    }
  };
  await send(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const leave = () => {
    if (isOpen) connection.close();
    isOpen = false;
  };
  return {
    send,
    async until(text) {
      while (!seen.includes(text)) if (!await read()) throw new Error(`The server has gone: ${seen}`);
    },
    leave,
    [Symbol.dispose]: leave,
  };
}

/** A masked frame with any first byte. */
export function frame(
  payload: Uint8Array,
  { first = TEXT, isMasked = true, length = payload.length } = {},
): Uint8Array<ArrayBuffer> {
  const extended = length < 126 ? [] : length < 65_536 ? [length >> 8, length & 255] : [
    ...new Uint8Array(new BigUint64Array([BigInt(length)]).buffer).reverse(),
  ];
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const mask = isMasked ? [0, 0, 0, 0] : [];
  return new Uint8Array([first, short | (isMasked ? 0x80 : 0), ...extended, ...mask, ...payload]);
}
