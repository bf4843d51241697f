import { assertEquals } from "@std/assert";
import { CANARY } from "../_canary.ts";
import { OFFER } from "../_edge.ts";
import { type Host, HOSTS } from "../_hosts.ts";
import { frame, openRawPage } from "./_raw_page.ts";
import { cookieOf } from "../_run_cases.ts";
import { startStubApi, type StubApi } from "../_stub_api.ts";

const COOKIE_SECRET = "a secret that cookies are signed with";

function environment(api: StubApi): Record<string, string> {
  return { OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: api.url, COOKIE_SECRET };
}

const text = (value: string) => new TextEncoder().encode(value);

/** Frames that no WebSocket may send, and ways to disconnect without a close frame. */
const VIOLATIONS: Readonly<Record<string, readonly Uint8Array<ArrayBuffer>[]>> = {
  "a reserved bit": [frame(text("{}"), { first: 0xc1 })],
  "an unknown opcode": [frame(text("{}"), { first: 0x83 })],
  "an unknown control opcode": [frame(text(""), { first: 0x8b })],
  "a continuation of nothing": [frame(text("{}"), { first: 0x80 })],
  "a frame without a mask": [frame(text("{}"), { isMasked: false })],
  "a control frame that is too long": [frame(new Uint8Array(126), { first: 0x89 })],
  "a control frame in pieces": [frame(text("x"), { first: 0x09 })],
  "a new message in the middle of one": [frame(text("{"), { first: 0x01 }), frame(text("}"))],
  "text that is not UTF-8": [frame(new Uint8Array([0xff, 0xfe, 0xfd]))],
  "a close frame of one byte": [frame(new Uint8Array([3]), { first: 0x88 })],
  "a frame of more than 32 MiB": [frame(new Uint8Array(0), { length: 34_000_000 }), new Uint8Array(34_000_000)],
  "an end in the middle of a frame": [frame(text("{"), { length: 1000 })],
  "no word at all": [],
};

async function withHosts(run: (host: Host, api: StubApi, name: string) => Promise<void>): Promise<void> {
  // One after the other: they share two cores.
  for (const [name, start] of Object.entries(HOSTS)) {
    await using api = startStubApi();
    await using host = await start(environment(api));
    await run(host, api, name);
  }
}

/** Violations that a runtime accepts: later messages of the page arrive, and the session ends with the page. */
const TOLERATED: readonly string[] = [
  "Deno: a frame without a mask",
  "workerd: a frame without a mask",
  "workerd: a control frame that is too long",
  "workerd: text that is not UTF-8",
];

/** Violations that end the connection: nothing needs an answer. */
const LEAVING = /^(?:an end|no word)/;

/** Data that a page sends after a violation, for runtimes that wait for the rest of a message. */
const NEXT = "input_audio_buffer.clear";

Deno.test("no malformed frame leaves a session open at the API, on Deno, Bun, Node and workerd", async () => {
  const cookie = await cookieOf("alice", COOKIE_SECRET);
  await withHosts(async (host, api, name) => {
    for (const [violation, frames] of Object.entries(VIOLATIONS)) {
      const what = `${name}: ${violation}`;
      using page = await openRawPage(host.url, "/realtime/relay", cookie);
      await page.until("session.created");
      assertEquals(api.openSessions, 1, what);
      const arrived = () => api.events.filter((event) => event === NEXT).length;
      const before = arrived();
      for (const bytes of frames) await page.send(bytes);
      if (!LEAVING.test(violation)) await page.send(frame(text(`{"type":"${NEXT}"}`)));
      if (TOLERATED.includes(what)) await api.until(() => arrived() > before, `${what} is not tolerated`);
      if (LEAVING.test(violation) || TOLERATED.includes(what)) page.leave();
      await api.until(() => api.openSessions === 0, `${what}: ${host.output}`);
      assertEquals(arrived() - before, TOLERATED.includes(what) ? 1 : 0, what);
    }
  });
});

/** How long the API takes to answer an offer, in milliseconds. */
const SLOW_MS = 150;

Deno.test("a client that disconnects at any time leaves no call, on Deno, Bun, Node and workerd", async () => {
  const cookie = await cookieOf("alice", COOKIE_SECRET);
  await withHosts(async (host, api, name) => {
    api.delayMs = SLOW_MS;
    const headers = { cookie, "content-type": "application/sdp" };
    const asked = Array.from({ length: 12 }, async (_, index) => {
      const leaving = new AbortController();
      // Some leave before the API has answered, and some stay: at that very moment nobody knows.
      const afterMs = index * SLOW_MS / 12;
      if (index < 9) setTimeout(() => leaving.abort(), afterMs);
      try {
        const init = { method: "POST", headers, body: OFFER.replace("s=-", "s=numbered"), signal: leaving.signal };
        const response = await fetch(`${host.url}/realtime/calls`, init);
        const id = response.headers.get("x-realtime-call-id")!;
        await response.body?.cancel();
        return [id, response.headers.get("x-realtime-call-token")!] as const;
      } catch (error) {
        if ((error as Error).name === "AbortError") return undefined;
        throw error;
      }
    });
    const answered = (await Promise.all(asked)).filter((call) => call !== undefined);
    // A call that was answered is the client's; every other one is hung up.
    const kept = new Set(answered.map(([id]) => id));
    await api.until(
      () => [...api.openCalls].every((id) => kept.has(id)) && api.pending === 0,
      `${name}: ${[...api.openCalls]} of ${[...kept]}: ${host.output}`,
    );
    assertEquals([...kept].filter((id) => !api.openCalls.has(id)), [], `${name}: a good call was hung up`);
    for (const [id, token] of answered) {
      const init = { method: "POST", headers: { cookie, "x-realtime-call-token": token } };
      assertEquals((await fetch(`${host.url}/realtime/calls/${id}/hangup`, init)).status, 204);
    }
    assertEquals(api.openCalls.size, 0);
  });
});
