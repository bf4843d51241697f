import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { parseRecording } from "../../../src/simulator/recording/recording.ts";
import { createCertificate } from "../../_tools/servers/certificate.ts";

const COMMAND = new URL("../../../examples/simulator/main.ts", import.meta.url).href;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function command(...args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    // Quiet, as Deno itself prints messages about file locks and unpacked packages.
    args: ["run", "--quiet", "--no-check", "--allow-net", "--allow-read", "--allow-write", COMMAND, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function run(...args: readonly string[]): Promise<Ended> {
  const { code, stdout, stderr } = await command(...args).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs the command until it listens, uses its address, and interrupts it. */
async function serving(args: readonly string[], use: (url: string) => Promise<void>): Promise<Ended> {
  const child = command("--port", "0", ...args).spawn();
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let stdout = "";
  let url: string | undefined;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    stdout += read.value;
    const found = /Listening on (\S+)\n/.exec(stdout)?.[1];
    if (url !== undefined || found === undefined) continue;
    url = found;
    await use(url);
    child.kill("SIGINT");
  }
  const { code } = await child.status;
  return { code, stdout, stderr: await stderr };
}

/** Starts a session of the Live API, and ends it. */
async function startLive(url: string): Promise<void> {
  const headers = { Authorization: "Bearer sk-test" };
  const socket = new WebSocket(url.replace("/realtime", "/live/sessions"), { headers });
  const send = (event: object) => socket.send(JSON.stringify(event));
  socket.onopen = () => send({ type: "session.start", session: { model: "gpt-live-1" } });
  socket.onmessage = ({ data }) => JSON.parse(data).type === "session.started" && send({ type: "session.close" });
  await new Promise((resolve) => socket.onclose = resolve);
}

async function firstEvent(url: string, client?: Deno.HttpClient): Promise<string> {
  const headers = { Authorization: "Bearer sk-test" };
  const socket = new WebSocket(`${url}?model=gpt-realtime`, { headers, ...client && { client } });
  const { data } = await new Promise<MessageEvent>((resolve, reject) => {
    socket.onmessage = resolve;
    socket.onerror = reject;
  });
  const closed = new Promise((resolve) => socket.onclose = resolve);
  // No answer follows.
  const append = { type: "input_audio_buffer.append", event_id: `sk-${"x".repeat(24)}`, audio: "A".repeat(64) };
  socket.send(JSON.stringify(append));
  socket.close(1000);
  await closed;
  return JSON.parse(data).type;
}

Deno.test("The command serves sessions until it is interrupted, and exits cleanly", async () => {
  const seen: string[] = [];
  const { code, stderr, stdout } = await serving(["--log", "--pace", "fast"], async (url) => {
    assertMatch(url, /^ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime$/);
    seen.push(await firstEvent(url));
    // A session that is still open does not keep the command from ending.
    const open = new WebSocket(`${url}?model=gpt-realtime`, { headers: { Authorization: "Bearer sk-test" } });
    await new Promise((resolve) => open.onmessage = resolve);
  });
  assertEquals([code, stderr, seen], [0, "", ["session.created"]]);
  assertMatch(stdout, /^sess_\w{21} -> {"type":"session.created"/m);
});

Deno.test("The command exits with code 1 when a client has not sent an event that the scenario expects", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const scenario = `${folder}/scenario.json`;
    const serveWith = async (expected: string) => {
      await Deno.writeTextFile(scenario, JSON.stringify({ turns: [], expect: [{ type: expected }] }));
      return await serving(["--scenario", scenario], async (url) => void await firstEvent(url));
    };
    const missing = await serveWith("response.create");
    assertEquals(missing.code, 1);
    assertMatch(missing.stderr, /response\.create/);
    const { code, stderr } = await serveWith("input_audio_buffer.append");
    assertEquals([code, stderr], [0, ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("The command prints its addresses, and how to configure which client", async () => {
  const { stdout } = await serving([], async (url) => {
    const response = await fetch(url.replace("ws", "http"));
    assertEquals([response.status, (await response.json()).error.type], [426, "invalid_request_error"]);
  });
  const [first, ...banner] = stdout.trimEnd().split("\n");
  const port = /^Listening on ws:\/\/127\.0\.0\.1:(\d+)\/v1\/realtime$/.exec(first ?? "")?.[1];
  const given = new Map(banner.flatMap((line) => {
    const [, client = "", what = ""] = /^ {2}(\S+(?: \S+)*) {2,}(.*)$/.exec(line) ?? [];
    return client ? [[client, what]] : [];
  }));
  assertEquals([...given.keys()], ["@oai-rt/edge", "openai", "@openai/agents-realtime", "REST", "anything else"]);
  const base = `http://127.0.0.1:${port}/v1`;
  assertEquals(given.get("@oai-rt/edge"), `connect({ apiKey: "sk-test", baseUrl: "${base}" })`);
  assertMatch(given.get("openai") ?? "", /--tls-cert and --tls-key/);
  assert(given.get("REST")?.startsWith(`${base}/realtime/client_secrets`));
});

Deno.test("The command serves TLS for REST and WebSocket", async () => {
  await using certificate = await createCertificate();
  const { certFile, keyFile } = certificate;
  using client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(certFile)] });
  const { code, stdout, stderr } = await serving(["--tls-cert", certFile, "--tls-key", keyFile], async (url) => {
    assertMatch(url, /^wss:/);
    assertEquals(await firstEvent(url, client), "session.created");
    const headers = { authorization: "Bearer sk-test" };
    const address = `${url.replace("wss", "https")}/client_secrets`;
    const minted = await fetch(address, { method: "POST", headers, body: "{}", client });
    assertMatch((await minted.json()).value, /^ek_/);
  });
  assertEquals([code, stderr], [0, ""]);
  assertMatch(
    stdout,
    /^ {2}openai {2,}new OpenAI\({ apiKey: "sk-test", baseURL: "https:\/\/127\.0\.0\.1:\d+\/v1" }\)$/m,
  );
});

Deno.test("The command applies --faults, given as JSON or as a file", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  const faults = '[{ "type": "drop", "code": 4321, "reason": "As asked.", "afterMs": 1 }]';
  await Deno.writeTextFile(file, faults);
  for (const given of [faults, file]) {
    const ends: unknown[] = [];
    const { stderr } = await serving(["--faults", given], async (url) => {
      const socket = new WebSocket(`${url}?model=gpt-realtime`, { headers: { Authorization: "Bearer sk-test" } });
      const { code, reason } = await new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
      ends.push([code, reason]);
    });
    assertEquals([ends, stderr], [[[4321, "As asked."]], ""]);
  }
  await Deno.remove(file);
});

Deno.test("The command records every session to the folder given by --record, without the key", async () => {
  const folder = await Deno.makeTempDir();
  const recordings = `${folder}/new/recordings`;
  try {
    await serving(["--record", recordings], async (url) => {
      await firstEvent(url);
      await firstEvent(url);
      await startLive(url);
      const refused = new WebSocket(`${url}?model=gpt-realtime`, { headers: { Authorization: "Bearer sk-invalid" } });
      await new Promise((resolve) => refused.onclose = resolve);
    });
    const texts: string[] = [];
    const live: string[] = [];
    for await (const { name } of Deno.readDir(recordings)) {
      assertMatch(name, /^(?:sess_|live_u7_)\w{21}\.jsonl$/);
      (name.startsWith("live_") ? live : texts).push(await Deno.readTextFile(`${recordings}/${name}`));
    }
    assertEquals(live.map((text) => parseRecording(text).map((line) => "event" in line ? line.event.type : line.dir)), [
      ["session.start", "session.started", "session.close", "session.closed", "close"],
    ]);
    assertEquals(texts.length, 2);
    for (const text of texts) {
      const lines = parseRecording(text);
      assertEquals(lines.map((line) => "event" in line ? line.event.type : line.dir), [
        "session.created",
        "input_audio_buffer.append",
        "close",
      ]);
      assertObjectMatch(lines.at(-1)!, { code: 1000 });
      assertObjectMatch(lines[1]!, { dir: "sent", event: { event_id: "[redacted]", audio: { audio_ms: 1 } } });
      assert(!text.includes("sk-"), text);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("The command does not wait indefinitely for a client that does not answer", async () => {
  const connections: Deno.Conn[] = [];
  const { code } = await serving([], async (url) => {
    // A handshake without a close frame later.
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
    connections.push(connection);
    await connection.write(new TextEncoder().encode(
      "GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\nHost: simulator\r\nAuthorization: Bearer sk-test\r\n" +
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    ));
    await connection.read(new Uint8Array(4096));
  });
  assertEquals(code, 0);
  for (const connection of connections) connection.close();
});

Deno.test("The command reports an error in one line, and exits with code 1", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const scenario = `${directory}/scenario.json`;
    await Deno.writeTextFile(scenario, '{"turns":5}');
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const port = String(taken.addr.port);
    const cases = [
      [["--port", "x"], "Cannot listen as --port must be an integer from 0 to 65535: current value is x"],
      [["--port", port], `Cannot listen on port ${port}: Address already in use`],
      [["--pace", "slow"], "Cannot start as --pace must be realtime, fast or a number > 0: current value is slow"],
      [["--scenario", `${directory}/none.json`], `Cannot read ${directory}/none.json: No such file or directory`],
      [["--scenario", scenario], `Cannot use the scenario ${scenario}: Cannot parse scenario as turns`],
      [["--tls-cert", scenario], "Cannot serve TLS as --tls-cert and --tls-key go together: one of them is missing"],
      [["--tls-cert", scenario, "--tls-key", scenario], "Cannot serve TLS: "],
      [["--faults", "[{]"], "Cannot use the faults [{]: "],
      [["--faults", '["drop"]'], 'Cannot use the faults ["drop"]: they must be a list of objects with a type'],
      [["--faults", scenario], `Cannot use the faults ${scenario}: they must be a list of objects with a type`],
      [["--faults", '[{"type":"fire"}]'], "Cannot set a fault as type must be one of drop, silence, "],
      [["--faults", '[{"type":"stall"}]'], "Cannot set the fault stall as ms must be >= 0: current value is undefined"],
      [["--record", scenario], `Cannot record into ${scenario}: `],
      [["--ring", "https://app.example.com"], "Cannot ring as --ring and --ring-secret go together: one of them is"],
      [["--ring", "app", "--ring-secret", "s"], "Cannot ring as --ring must be an address: current value is app"],
      [["--bogus"], "Unknown option '--bogus'"],
    ] as const;
    const ended = await Promise.all(cases.map(([args]) => run(...args)));
    taken.close();
    for (const [index, { code, stderr, stdout }] of ended.entries()) {
      const message = cases[index]![1];
      assert(stderr.startsWith(message), `${stderr} does not start with ${message}`);
      assertEquals([code, stdout, stderr.trim().split("\n").length], [1, "", 1], stderr);
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("The command prints its help", async () => {
  const { code, stdout } = await run("--help");
  assertEquals(code, 0);
  for (const option of ["--port", "--pace", "--scenario", "--faults", "--record", "--tls-cert", "--log"]) {
    assert(stdout.includes(option), option);
  }
});
