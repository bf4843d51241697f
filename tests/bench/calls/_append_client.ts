/**
 * Appends audio to a session in which the server speaks as well, on Deno, Bun or Node. Its arguments: port of the server,
 * `native` or `ws` for the class of the socket, bytes of an append, number of appends.
 */
import process from "node:process";
import WebSocket from "ws";
import { connect, createHeaderDialer } from "../../../mod.ts";
import { encodeBase64 } from "../../../src/audio/mod.ts";

/** Milliseconds between two appends; not those of the server. */
const PAUSE_MS = 37;

const [port, kind, bytes, count] = process.argv.slice(2);
const options = { apiKey: "sk-test", baseUrl: `http://127.0.0.1:${port}` };
// The way out where the runtime's own socket is slow: another class in its place.
const dial = createHeaderDialer({ WebSocket: WebSocket as unknown as typeof globalThis.WebSocket });
const session = await connect(kind === "ws" ? { ...options, dial } : options);
const audio = encodeBase64(crypto.getRandomValues(new Uint8Array(Number(bytes))));
session.send({ type: "response.create" });
for (let index = 0; index < Number(count); index++) {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const event_id = `at_${(performance.timeOrigin + performance.now()).toFixed(3)}`;
  session.send({ event_id, type: "input_audio_buffer.append", audio }, { check: false, isBase64: true });
}
await new Promise((resolve) => setTimeout(resolve, 200));
await session.close();
process.exit(0);
