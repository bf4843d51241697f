import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { createSubprotocolDialer } from "../../src/transport/subprotocol_dialer.ts";
import { refusal, requestTo } from "./_dialing.ts";
import { inPage } from "./_page.ts";
import { acceptance, httpAnswer, joinBytes, serveRaw, textFrame } from "./_raw_server.ts";
import type { DialRequest } from "../../src/transport/socket.ts";

const SECRET = "ek_canary";

/** A request to dial a server, with a client secret. */
function secretRequestTo(baseUrl: string, headers: Record<string, string> = {}): DialRequest {
  return { ...requestTo(baseUrl), headers: new Headers({ authorization: `Bearer ${SECRET}`, ...headers }) };
}

/** A `WebSocket` that records its arguments, and fails. */
function spyWebSocket() {
  const offers: unknown[] = [];
  class SpyWebSocket {
    constructor(_url: URL, protocols: unknown) {
      offers.push(protocols);
      throw new Error("spied");
    }
  }
  return { WebSocket: SpyWebSocket as unknown as typeof WebSocket, offers };
}

Deno.test("createSubprotocolDialer() offers realtime, key, organization and project as subprotocols only", async () => {
  await using server = serveRaw(async ({ head, connection }) => {
    const accepted = new TextDecoder().decode(await acceptance(head)).trimEnd();
    const answer = new TextEncoder().encode(`${accepted}\r\nSec-WebSocket-Protocol: realtime\r\n\r\n`);
    await connection.write(joinBytes(answer, textFrame("hello")));
  });
  const headers = { "OpenAI-Organization": "org-1", "OpenAI-Project": "proj_1" };
  const socket = await createSubprotocolDialer()(secretRequestTo(server.baseUrl, headers));
  const heard = await new Promise((resolve) => socket.listen({ message: resolve, close: resolve }));
  assertEquals(heard, "hello");
  const { head } = server.requests[0]!;
  assertMatch(head, /^GET \/v1\/realtime\?model=m HTTP\/1\.1\r\n/);
  const [, offer = ""] = /^sec-websocket-protocol: (.*)\r$/im.exec(head) ?? [];
  assertEquals(offer.split(/, ?/), [
    "realtime",
    `openai-insecure-api-key.${SECRET}`,
    "openai-organization.org-1",
    "openai-project.proj_1",
  ]);
  assertEquals(/^(?:authorization|openai-)/im.test(head), false);
  assertEquals(head.split(SECRET).length, 2, "the key is there once");
});

Deno.test("createSubprotocolDialer() removes duplicate subprotocols, which the constructor would reject", async () => {
  const { WebSocket, offers } = spyWebSocket();
  const request = { ...secretRequestTo("ws://localhost/v1"), protocols: ["other", "realtime"] };
  const error = await refusal(createSubprotocolDialer({ WebSocket })(request));
  assertEquals(offers, [["realtime", "other", `openai-insecure-api-key.${SECRET}`]]);
  assertEquals([error.kind, String(error.cause)], ["configuration", "Error: spied"]);
});

Deno.test("createSubprotocolDialer() sends client secrets only, unless any key is allowed", async () => {
  const keys = ["sk-canary", "canary", "Ek_canary"];
  for (const key of keys) {
    const { WebSocket, offers } = spyWebSocket();
    const request = secretRequestTo("ws://localhost/v1", { authorization: `Bearer ${key}` });
    const error = await refusal(createSubprotocolDialer({ WebSocket })(request));
    assertEquals([error.kind, offers], ["configuration", []]);
    assertMatch(
      error.message,
      /as a WebSocket without headers needs a client secret \(ek_…\) from your server, not an API key/,
    );
    await refusal(createSubprotocolDialer({ WebSocket, allowAnyKey: true })(request));
    assertEquals(offers, [["realtime", `openai-insecure-api-key.${key}`]]);
  }
});

Deno.test("createSubprotocolDialer() sends no API key from a page or its worker, whatever its options", async () => {
  const { WebSocket, offers } = spyWebSocket();
  const dial = createSubprotocolDialer({ WebSocket, allowAnyKey: true });
  const dialWith = (key: string, scope?: string) => {
    const request = secretRequestTo("ws://localhost/v1", { authorization: `Bearer ${key}` });
    return inPage(() => refusal(dial(request)), scope);
  };
  for (const scope of ["window", "WorkerGlobalScope"]) {
    assertMatch((await dialWith("sk-canary", scope)).message, /needs a client secret/);
  }
  assertEquals(offers, []);
  await dialWith("canary");
  await dialWith(SECRET);
  assertEquals(offers.length, 2);
});

Deno.test("createSubprotocolDialer() rejects values that a subprotocol cannot carry, by name", async () => {
  const cases = {
    "openai-safety-identifier": "user",
    "api-key": "canary",
    "constructor": "x",
    "openai-project": "a project",
    "openai-organization": "",
    "authorization": `Bearer ${SECRET}, and more`,
  };
  for (const [name, value] of Object.entries(cases)) {
    const { WebSocket, offers } = spyWebSocket();
    const request = secretRequestTo("ws://localhost/v1", { [name]: value });
    const error = await refusal(createSubprotocolDialer({ WebSocket, allowAnyKey: true })(request));
    assertEquals([error.kind, offers], ["configuration", []]);
    assert(error.message.endsWith(`as no subprotocol can carry the header ${name}`), error.message);
  }
});

Deno.test("createSubprotocolDialer() explains a refused handshake, with the key in a header of its probe", async () => {
  await using server = serveRaw(async ({ connection }) => {
    await connection.write(httpAnswer("403 Forbidden", `{"error":{"message":"Not ${SECRET}."}}`));
    await connection.closeWrite();
  });
  const error = await refusal(createSubprotocolDialer()(secretRequestTo(server.baseUrl)));
  assertEquals([error.kind, error.status, error.body], ["refused", 403, { error: { message: "Not [API key]." } }]);
  const question = server.requests[1]!.head;
  assertMatch(question, new RegExp(`^authorization: Bearer ${SECRET}\r$`, "im"));
  assertEquals(/^sec-websocket/im.test(question), false);
});

Deno.test("createSubprotocolDialer() does not dial when the signal is already aborted", async () => {
  const { WebSocket, offers } = spyWebSocket();
  const reason = new Error("enough");
  const request = { ...secretRequestTo("ws://localhost/v1"), signal: AbortSignal.abort(reason) };
  assertStrictEquals(await assertRejects(() => createSubprotocolDialer({ WebSocket })(request)), reason);
  assertEquals(offers, []);
});

Deno.test("createSubprotocolDialer() closes the socket when the signal is aborted during the handshake", async () => {
  await using server = serveRaw(() => {});
  const arrived = server.nextRequest();
  const controller = new AbortController();
  const reason = new Error("enough");
  const request = { ...secretRequestTo(server.baseUrl), signal: controller.signal };
  const rejected = assertRejects(() => createSubprotocolDialer()(request));
  const { ended } = await arrived;
  controller.abort(reason);
  assertStrictEquals(await rejected, reason);
  await ended;
});
