import { assertEquals } from "@std/assert";
import { fromWebSocket } from "../../src/transport/web_socket.ts";
import { connectOverLoopback } from "./_loopback.ts";
import { testTransport } from "./contract.ts";

testTransport("The WebSocket transport", () => connectOverLoopback());

/** A WebSocket without a network. */
class FakeWebSocket extends EventTarget {
  binaryType = "blob";
  readyState = 1;
  readonly calls: unknown[][] = [];

  send(data: string): void {
    this.calls.push(["send", data]);
  }

  close(code?: number, reason?: string): void {
    this.calls.push(["close", code, reason]);
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException("The close code is not allowed", "InvalidAccessError");
    }
    if (new TextEncoder().encode(reason).length > 123) throw new DOMException("The reason is too long", "SyntaxError");
    this.readyState = 2;
  }

  receive(data: string | ArrayBuffer): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  end(code: number, reason: string, wasClean = true): void {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean }));
  }
}

function fakeSocket() {
  const webSocket = new FakeWebSocket();
  return { webSocket, socket: fromWebSocket(webSocket as unknown as WebSocket) };
}

Deno.test("fromWebSocket() keeps events that arrive before listen(), including the end, and delivers them once", () => {
  const { webSocket, socket } = fakeSocket();
  const heard: unknown[] = [];
  webSocket.receive("a");
  webSocket.receive(new Uint8Array([1, 2]).buffer);
  webSocket.end(1001, "bye");
  socket.listen({ message: (data) => heard.push(data), close: (info) => heard.push(info) });
  assertEquals(heard, ["a", new Uint8Array([1, 2]), { code: 1001, reason: "bye" }]);
  assertEquals(webSocket.binaryType, "arraybuffer");
});

Deno.test("fromWebSocket() delivers events after listen() as they arrive", () => {
  const { webSocket, socket } = fakeSocket();
  const heard: unknown[] = [];
  webSocket.receive("a");
  socket.listen({ message: (data) => heard.push(data), close: (info) => heard.push(info.code) });
  webSocket.receive("b");
  assertEquals(heard, ["a", "b"]);
  webSocket.end(1000, "");
  assertEquals(heard, ["a", "b", 1000]);
});

Deno.test("fromWebSocket() reports a broken connection as 1006, even if the runtime reports 0", () => {
  for (const code of [0, 1006]) {
    const { webSocket, socket } = fakeSocket();
    const heard: unknown[] = [];
    socket.listen({ message() {}, close: (info) => heard.push(info) });
    webSocket.end(code, "", false);
    assertEquals(heard, [{ code: 1006, reason: "" }]);
  }
});

Deno.test("fromWebSocket() reports the end once", () => {
  const { webSocket, socket } = fakeSocket();
  const heard: unknown[] = [];
  socket.listen({ message() {}, close: ({ code }) => heard.push(code) });
  webSocket.end(1001, "bye");
  webSocket.end(1006, "");
  assertEquals(heard, [1001]);
});

Deno.test("fromWebSocket() sends only while the WebSocket is open", () => {
  const { webSocket, socket } = fakeSocket();
  for (const readyState of [0, 1, 2, 3]) {
    webSocket.readyState = readyState;
    socket.send(`${readyState}`);
  }
  assertEquals(webSocket.calls, [["send", "1"]]);
});

Deno.test("fromWebSocket() closes once, also while the WebSocket is connecting", () => {
  for (const readyState of [0, 1]) {
    const { webSocket, socket } = fakeSocket();
    webSocket.readyState = readyState;
    socket.close(3000, "why");
    socket.close(3001);
    assertEquals(webSocket.calls, [["close", 3000, "why"]]);
  }
});

Deno.test("fromWebSocket() closes without a code when the platform rejects the given one", () => {
  const { webSocket, socket } = fakeSocket();
  socket.close(1001, "going away");
  assertEquals(webSocket.calls, [["close", 1001, "going away"], ["close", undefined, undefined]]);
});

Deno.test("fromWebSocket() keeps the code when the reason is too long for a close frame", () => {
  const { webSocket, socket } = fakeSocket();
  socket.close(4000, "x".repeat(124));
  assertEquals(webSocket.calls, [["close", 4000, "x".repeat(123)]]);
});

Deno.test("fromWebSocket() has no bufferedAmount if the WebSocket has none", () => {
  const { webSocket, socket } = fakeSocket();
  assertEquals(socket.bufferedAmount, 0);
  Object.assign(webSocket, { bufferedAmount: 12 });
  assertEquals(socket.bufferedAmount, 12);
});
