import { assertEquals } from "@std/assert";
import { CANARY } from "../_canary.ts";
import { OFFER } from "../_edge.ts";
import { startWorker } from "../_hosts.ts";
import { startStubApi } from "../_stub_api.ts";

/** A page whose socket is open, or was refused. */
async function openPage(url: string) {
  const page = new WebSocket(url.replace("http", "ws"));
  const types: string[] = [];
  const closed = new Promise<string>((resolve) => page.onclose = ({ code, reason }) => resolve(`${code} ${reason}`));
  const begun = Promise.withResolvers<void>();
  const token = Promise.withResolvers<string>();
  page.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    types.push(event.type);
    begun.resolve();
    if (event.type === "relay.ready") token.resolve(event.relay.resume_token);
  };
  await new Promise((resolve) => page.onopen = page.onerror = resolve);
  return { page, types, begun: begun.promise, token: token.promise, closed };
}

Deno.test("a relay on Workers obeys other requests, and ends with its page", { timeout: 50_000 }, async () => {
  await using api = startStubApi();
  const env = { OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: api.url };
  await using host = await startWorker(env, "", "tests/hono/_relay_worker.ts");
  const post = async (path: string) => assertEquals((await fetch(host.url + path, { method: "POST" })).status, 204);

  const first = await openPage(`${host.url}/realtime/relay`);
  await first.begun;
  await post("/say/input_audio_buffer.clear");
  await api.seen("input_audio_buffer.clear");
  await post("/close");
  assertEquals(await first.closed, "1000 An administrator has ended the session");
  await api.until(() => api.openSessions === 0, "the session is closed at the API");

  // There is no token for a connection that another request could not use, and the place is free again.
  const second = await openPage(`${host.url}/realtime/relay`);
  await second.begun;
  assertEquals([first.types, second.types], [["session.created"], ["session.created"]]);
  second.page.close(4000);
  await second.closed;
  await api.until(() => api.openSessions === 0, "the session has ended with its page");

  // A session of the Live API ends with its last word.
  const live = await openPage(`${host.url}/realtime/live/relay`);
  live.page.send(JSON.stringify({ type: "session.start", session: {} }));
  await live.begun;
  await post("/close");
  assertEquals(await live.closed, "1000 An administrator has ended the session");
  await api.seen("live closed 1000");
  assertEquals(api.events.filter((event) => event === "session.close").length, 1);
});

Deno.test("a relay obeys Workers and Durable Objects other than its own", { timeout: 50_000 }, async () => {
  await using api = startStubApi();
  const env = { OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: api.url };
  await using host = await startWorker(env, "", "tests/hono/_relay_worker.ts");
  for (const [own, other] of [["/room/a", "/room/b"], ["/room/a", ""], ["", "/room/a"]]) {
    const { begun, closed, types } = await openPage(`${host.url}${own}/realtime/relay`);
    await begun;
    const response = await fetch(`${host.url}${other}/close`, { method: "POST" });
    await response.body?.cancel();
    assertEquals(response.status, 204, `${own} ${other}`);
    assertEquals(await closed, "1000 An administrator has ended the session");
    await api.until(() => api.openSessions === 0, "the session is closed at the API");
    // Only the connections of an object outlive the request that has opened them.
    assertEquals(types, own ? ["session.created", "relay.ready"] : ["session.created"]);
  }
});

Deno.test("a page returns to its relay in the same Durable Object only", { timeout: 50_000 }, async () => {
  await using api = startStubApi();
  const env = { OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: api.url };
  await using host = await startWorker(env, "", "tests/hono/_relay_worker.ts");
  const first = await openPage(`${host.url}/room/a/realtime/relay`);
  const resume = `realtime/relay?resume=${await first.token}`;
  first.page.close(4000);
  await first.closed;
  for (const other of ["/room/b", ""]) {
    const { closed, types } = await openPage(`${host.url}${other}/${resume}`);
    await closed;
    assertEquals([types, api.openSessions], [[], 1], other);
  }
  const second = await openPage(`${host.url}/room/a/${resume}`);
  await second.begun;
  assertEquals(second.types, ["relay.resumed"]);
  second.page.close(1000);
  await second.closed;
  await api.until(() => api.openSessions === 0, "the session has ended with its page");
});

Deno.test(
  "a followed call on Workers is hung up by another request, and frees its place",
  { timeout: 50_000 },
  async () => {
    await using api = startStubApi();
    const env = { OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: api.url };
    await using host = await startWorker(env, "", "tests/hono/_relay_worker.ts");
    const post = async (path: string, headers: Record<string, string>, body: string | null = null) => {
      const response = await fetch(`${host.url}/realtime/calls${path}`, { method: "POST", headers, body });
      await response.body?.cancel();
      return response;
    };
    for (let round = 0; round < 4; round++) {
      const call = await post("", { "content-type": "application/sdp" }, OFFER.replace("s=-", "s=numbered"));
      assertEquals(call.status, 201, `${round}`);
      const token = call.headers.get("x-realtime-call-token")!;
      const id = call.headers.get("x-realtime-call-id");
      assertEquals((await post(`/${id}/hangup`, { "x-realtime-call-token": token })).status, 204, `${round}`);
      assertEquals(api.openCalls.size, 0);
    }
  },
);
