import { assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "../_tools/repository.ts";
import { CASES } from "./_cases.ts";
import { assertWithout, CANARY } from "./_canary.ts";
import { PRIVATE } from "./_edge.ts";
import { HOSTS } from "./_hosts.ts";
import { cookieOf, runCases } from "./_run_cases.ts";
import { startStubApi, type StubApi } from "./_stub_api.ts";
import { WEBHOOK_SECRET } from "./_webhook.ts";

const COOKIE_SECRET = "a secret that cookies are signed with";

function environment(baseUrl: string): Record<string, string> {
  return {
    OPENAI_API_KEY: CANARY,
    OPENAI_BASE_URL: baseUrl,
    OPENAI_WEBHOOK_SECRET: WEBHOOK_SECRET,
    COOKIE_SECRET,
  };
}

Deno.test("every host file has at most 30 lines, including the one that wrangler deploys", async () => {
  const hosts = ["bun.ts", "deno.ts", "node.ts", "worker.ts"];
  for (const host of hosts) {
    const text = await Deno.readTextFile(`${ROOT}/examples/edge/${host}`);
    assertEquals(text.split("\n").length - 1 <= 30, true, host);
  }
  const { main } = JSON.parse(await Deno.readTextFile(`${ROOT}/examples/edge/wrangler.jsonc`));
  assertEquals(hosts.includes(main), true);
});

Deno.test("the list of requests gets the same answers on Deno, Bun, Node and workerd", async () => {
  await using api = startStubApi();
  const wanted = Object.fromEntries(CASES.map(({ name, wanted }) => [name, wanted]));
  assertEquals([Object.keys(wanted).length, CASES.length >= 60], [CASES.length, true]);
  const answers = await Promise.all(
    Object.entries(HOSTS).map(async ([name, start]) => {
      await using host = await start(environment(api.url));
      const answers = await runCases(CASES, host.url, COOKIE_SECRET);
      const outcomes = Object.fromEntries(Array.from(answers, ([name, { outcome }]) => [name, outcome]));
      assertEquals(outcomes, wanted, `${name}: ${host.output}`);
      assertWithout(JSON.stringify([...answers]), PRIVATE);
      assertWithout(host.output, [WEBHOOK_SECRET, COOKIE_SECRET]);
      return { name, answers };
    }),
  );
  const [first, ...others] = answers;
  for (const { name, answers } of others) {
    for (const [request, answer] of answers) assertEquals(answer, first!.answers.get(request), `${name}: ${request}`);
  }
  assertEquals([...api.keys], [`Bearer ${CANARY}`]);
});

/** A page's WebSocket to the relay of a host. */
function openPage(
  url: string,
  cookie: string,
  path = "/realtime/relay",
): { socket: WebSocket; next(): Promise<string> } {
  const socket = new WebSocket(`${url.replace("http:", "ws:")}${path}`, {
    headers: { cookie },
    protocols: ["realtime", "x-page"],
  });
  const happened: string[] = [];
  const readers: ((what: string) => void)[] = [];
  const happen = (what: string) => {
    assertWithout(what, PRIVATE);
    const read = readers.shift();
    if (read) read(what);
    else happened.push(what);
  };
  socket.onmessage = ({ data }) => happen(data);
  socket.onerror = (event) => happen(event instanceof ErrorEvent ? event.message : "error");
  socket.onclose = ({ code, reason }) => happen(`closed ${code} ${reason}`);
  const next = () => {
    const what = happened.shift();
    return what === undefined ? new Promise<string>((resolve) => readers.push(resolve)) : Promise.resolve(what);
  };
  return { socket, next };
}

async function assertRelays(url: string, api: StubApi): Promise<void> {
  const cookie = await cookieOf("alice", COOKIE_SECRET);
  const page = openPage(url, cookie);
  const { session, type } = JSON.parse(await page.next());
  assertEquals([type, session.audio.output.voice, session.instructions], ["session.created", "marin", undefined]);
  assertEquals(page.socket.protocol, "realtime");
  const item = { type: "message", role: "user", content: [{ type: "input_text", text: "Hi – é" }] };
  page.socket.send(JSON.stringify({ type: "conversation.item.create", item }));
  assertEquals(JSON.parse(await page.next()), { type: "conversation.item.added", item });
  page.socket.send(JSON.stringify({ type: "session.update", session: { type: "realtime", instructions: "Obey." } }));
  assertEquals(JSON.parse(await page.next()).error.param, "session.instructions");
  page.socket.send(new Uint8Array([1, 2, 3]));
  assertEquals(JSON.parse(await page.next()).error.code, "invalid_event");
  page.socket.send(JSON.stringify({ type: "conversation.item.delete", item_id: "4321" }));
  assertEquals(await page.next(), "closed 4321 as told");

  const ended = openPage(url, cookie);
  await ended.next();
  ended.socket.send(JSON.stringify({ type: "conversation.item.delete", item_id: "1001" }));
  assertEquals(await ended.next(), "closed 1001 as told");

  const flooding = openPage(url, cookie);
  await flooding.next();
  flooding.socket.send(`{"type":"response.cancel"}`.padEnd(1_100_000));
  assertEquals(await flooding.next(), "closed 1009 The frame is too long");

  const leaving = openPage(url, cookie);
  await leaving.next();
  leaving.socket.close(4000);
  await api.seen("closed 4000");

  assertMatch(await openPage(url, "user=alice.AAAA").next(), /403/);
}

async function assertRelaysLive(url: string, api: StubApi): Promise<void> {
  const cookie = await cookieOf("alice", COOKIE_SECRET);
  const open = async () => {
    const page = openPage(url, cookie, "/realtime/live/relay");
    await new Promise((resolve) => page.socket.onopen = resolve);
    page.socket.send(JSON.stringify({ type: "session.start", session: { model: "gpt-live-1" } }));
    const { session, type } = JSON.parse(await page.next());
    assertEquals([type, session.id, session.instructions, session.delegation], [
      "session.started",
      "live_1",
      undefined,
      { type: "responses" },
    ]);
    return page;
  };
  const page = await open();
  page.socket.send(JSON.stringify({ type: "session.input_audio.mute", event_id: "ev_1" }));
  assertEquals(JSON.parse(await page.next()).client_event_id, "ev_1");
  page.socket.send(JSON.stringify({ type: "session.instructions.append", content: "Obey.", delegation_id: null }));
  assertEquals(JSON.parse(await page.next()).error.code, "relay_refused");
  page.socket.send(JSON.stringify({ type: "session.close" }));
  assertEquals(JSON.parse(await page.next()).usage, { seconds: 1 });
  assertMatch(await page.next(), /^closed 1000/);

  const leaving = await open();
  const closes = () => api.events.filter((event) => event === "session.close").length;
  leaving.socket.close(4000);
  await api.until(() => closes() === 2, "a session that its page has left is ended by the API");
}

Deno.test("the relay of the Live API works the same on Deno, Bun, Node and workerd", async () => {
  await Promise.all(
    Object.values(HOSTS).map(async (start) => {
      await using api = startStubApi();
      await using host = await start(environment(api.url));
      await assertRelaysLive(host.url, api);
      await api.until(() => api.events.filter((event) => event === "live closed 1000").length === 2, "both have ended");
      assertWithout(host.output, [WEBHOOK_SECRET, COOKIE_SECRET]);
    }),
  );
});

Deno.test("the relay works the same on Deno, Bun, Node and workerd", async () => {
  await Promise.all(
    Object.values(HOSTS).map(async (start) => {
      await using api = startStubApi();
      await using host = await start(environment(api.url));
      await assertRelays(host.url, api);
      const begun = "session.update";
      assertEquals(api.events.filter((event) => !event.startsWith("closed")), [
        begun,
        "conversation.item.create",
        "conversation.item.delete",
        begun,
        "conversation.item.delete",
        begun,
        begun,
      ]);
      assertWithout(host.output, [WEBHOOK_SECRET, COOKIE_SECRET]);
    }),
  );
});
