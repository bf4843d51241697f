import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { WebSocket as PackageWebSocket } from "ws";
import { bunUpgrade } from "../../../src/simulator/upgrade/bun_upgrade.ts";
import { denoUpgrade } from "../../../src/simulator/upgrade/deno_upgrade.ts";
import { workersUpgrade } from "../../../src/simulator/upgrade/workers_upgrade.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { OFFER } from "../_api.ts";
import { startHost } from "../_host_process.ts";
import { askInText, dialSocket, listenTo } from "../_socket.ts";
import { BUN, findProgram } from "../../_tools/runtimes.ts";

/** A file of this folder. */
function pathOf(name: string): string {
  return fileURLToPath(new URL(`../_hosts/${name}`, import.meta.url));
}

/** Checks for every host of the simulator. */
async function assertServes(baseUrl: string): Promise<void> {
  // A text turn, with the subprotocol that is not the client's secret.
  const protocols = ["openai-insecure-api-key.sk-test", "realtime"];
  await using client = listenTo(
    new WebSocket(`${baseUrl.replace("http", "ws")}/realtime?model=gpt-realtime`, protocols),
  );
  assert((await askInText(client, "Say hello.")).length > 0);
  assertEquals(client.socket.protocol, "realtime");

  // A client of the package ws, which writes no space between subprotocols.
  const plain = new PackageWebSocket(`${baseUrl.replace("http", "ws")}/realtime?model=gpt-realtime`, protocols);
  await new Promise((resolve, reject) => plain.once("open", resolve).once("error", reject));
  assertEquals(plain.protocol, "realtime");
  const plainClosed = new Promise((resolve) => plain.once("close", resolve));
  plain.close();
  await plainClosed;

  // No subprotocol is selected among others, which this package refuses.
  const unselected = new PackageWebSocket(plain.url, ["openai-insecure-api-key.sk-test"]);
  const opened = new Promise((resolve, reject) => unselected.once("open", resolve).once("error", reject));
  await assertRejects(() => opened, Error, "Server sent no subprotocol");

  // A binary frame, and one of the maximum length.
  client.socket.send(new Uint8Array([1, 2, 3]));
  assertEquals((await client.first("error")).error, {
    type: "invalid_request_error",
    code: "invalid_event",
    message: "Expected a text WebSocket message; binary frames are not supported.",
    param: null,
    event_id: null,
  });
  client.send({ type: "input_audio_buffer.append", audio: "A".repeat(20 * 1024 * 1024) });
  client.send({ type: "input_audio_buffer.clear" });
  await client.first("input_audio_buffer.cleared");

  // A refusal, after the handshake.
  await using refused = dialSocket(`${baseUrl}/realtime?model=gpt-realtime`, { authorization: "Bearer sk-invalid" });
  const { code, reason } = await refused.closed;
  assertEquals([code, reason], [3000, "invalid_request_error.invalid_api_key"]);

  // A client secret, with its session.
  const minted = await fetch(`${baseUrl}/realtime/client_secrets`, {
    method: "POST",
    headers: { authorization: "Bearer sk-test" },
    body: JSON.stringify({ session: { type: "realtime", instructions: "Be brief." } }),
  });
  const { expires_at, value } = await minted.json();
  assert(Math.abs(expires_at - 600 - Date.now() / 1000) < 60, `expires at ${expires_at}`);
  await using holder = dialSocket(`${baseUrl}/realtime`, { authorization: `Bearer ${value}` });
  const { session } = await holder.first("session.created") as unknown as { session: { instructions: string } };
  assertEquals(session.instructions, "Be brief.");

  // A form whose parts have types, as many clients write it, but no file names.
  const part = (name: string, type: string, content: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  const call = await fetch(`${baseUrl}/realtime/calls`, {
    method: "POST",
    headers: { authorization: "Bearer sk-test", "content-type": "multipart/form-data; boundary=x" },
    body: part("sdp", "application/sdp", OFFER) + part("session", "application/json", '{"type":"realtime"}') +
      "--x--\r\n",
  });
  assertMatch(await call.text(), /^v=0\r\n/);
  assertMatch(call.headers.get("location") ?? "", /^\/v1\/realtime\/calls\/rtc_\w+$/);
}

Deno.test("denoUpgrade() serves the simulator on Deno", async () => {
  await using simulator = createSimulator({ pace: "fast", upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, simulator.fetch);
  const baseUrl = `http://127.0.0.1:${server.addr.port}/v1`;
  await assertServes(baseUrl);

  await using client = dialSocket(`${baseUrl}/realtime?model=gpt-realtime`);
  await client.first("session.created");
  simulator.sessions.at(-1)?.close(1001, "Your session hit the maximum duration of 60 minutes.");
  const { code, reason } = await client.closed;
  assertEquals([code, reason], [1001, "Your session hit the maximum duration of 60 minutes."]);
});

Deno.test("An upgrade without the runtime's part is refused by name", () => {
  const create: [name: string, upgrade: (part: never) => unknown][] = [
    ["upgradeWebSocket", denoUpgrade],
    ["serverUpgrade", bunUpgrade],
    ["WebSocketPair", workersUpgrade],
  ];
  for (const [name, upgrade] of create) {
    const message = `Cannot upgrade to a WebSocket as ${name} must be a function: current value is of type`;
    assertThrows(() => upgrade(undefined as never), TypeError, `${message} undefined`);
    assertThrows(() => upgrade({} as never), TypeError, `${message} object`);
  }
});

Deno.test("An upgrade that fails is reported on the console, as the client cannot read the reason", async () => {
  const written: unknown[][] = [];
  const { error } = console;
  console.error = (...words) => void written.push(words);
  try {
    // Not called: `denoUpgrade(Deno.upgradeWebSocket)` was meant.
    for (const upgrade of [() => denoUpgrade, () => undefined] as never[]) {
      const simulator = createSimulator({ upgrade });
      const response = await simulator.fetch("https://simulator/v1/realtime?model=gpt-realtime", {
        headers: { authorization: "Bearer sk-test", upgrade: "websocket" },
      });
      assertEquals(response.status, 500);
      assertMatch((await response.json()).error.message, /upgrade must return \{ response, socket \}/);
    }
  } finally {
    console.error = error;
  }
  assertEquals(written.length, 2);
  assertMatch(String(written[0]?.join(" ")), /cannot upgrade .* TypeError: .*denoUpgrade\(Deno\.upgradeWebSocket\)/);
});

Deno.test("A call works over real sockets: an offer, a sideband, and a refused handshake", async () => {
  await using simulator = createSimulator({ pace: "fast", upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, simulator.fetch);
  const baseUrl = `http://127.0.0.1:${server.addr.port}/v1`;
  const headers = { authorization: "Bearer sk-test", "content-type": "application/sdp" };
  const answer = await fetch(`${baseUrl}/realtime/calls?model=gpt-realtime`, { method: "POST", headers, body: OFFER });
  assertMatch(await answer.text(), /^v=0\r\n/);
  const callId = answer.headers.get("location")?.split("/").at(-1);
  await using sideband = dialSocket(`${baseUrl}/realtime?call_id=${callId}`);
  await new Promise((resolve) => sideband.socket.addEventListener("open", resolve));
  sideband.send({ type: "session.update", session: { type: "realtime", instructions: "Be brief." } });
  await sideband.first("session.updated");
  assertEquals(sideband.received.map(({ type }) => type), ["session.updated"]);

  const unknown = new WebSocket(`${baseUrl.replace("http", "ws")}/realtime?call_id=rtc_none`, { headers });
  const failure = await new Promise<Event>((resolve) => unknown.addEventListener("error", resolve));
  assert(failure instanceof ErrorEvent);
  assertMatch(failure.message, /404/);
  const hangUp = await fetch(`${baseUrl}/realtime/calls/${callId}/hangup`, { method: "POST", headers });
  assertEquals([hangUp.status, await hangUp.text(), (await sideband.closed).code], [200, "", 1000]);
});

Deno.test("bunUpgrade() serves the simulator on Bun", async () => {
  await using host = await startHost(await findProgram(BUN), ["run", pathOf("bun.ts")]);
  await assertServes(host.baseUrl);
});

Deno.test("workersUpgrade() serves the simulator on Workers", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const worker = `${folder}/worker.mjs`;
    const bundle = ["bundle", "--quiet", "--platform", "browser", "--output", worker, pathOf("worker.ts")];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args: bundle }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    await using host = await startHost(Deno.execPath(), ["run", "-A", "--no-check", pathOf("miniflare.ts"), worker]);
    await assertServes(host.baseUrl);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
