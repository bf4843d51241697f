import { assert, assertEquals, assertMatch } from "@std/assert";
import { createCertificate } from "../_tools/servers/certificate.ts";
import { runCommand } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { BUN, findProgram, NODE } from "../_tools/runtimes.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";

// Third-party clients hold a whole conversation with the simulator in another process, over verified TLS.

/** Milliseconds that one client may take. */
const TIMEOUT_MS = 60_000;
/** Arguments before the script on the command line. */
const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  "Node 20": [await findProgram("node@20.20.2")],
  "Node 22": [await findProgram(NODE)],
  Deno: [Deno.execPath(), "run", "-A", "--no-check"],
  Bun: [await findProgram(BUN), "run"],
};

/** The expected results of npm's openai, with the package ws or the runtime's own WebSocket. */
const OPENAI_VERDICT = {
  model: "gpt-realtime",
  configured: ["Be brief.", ["text"]],
  text: ["completed", "You said: Hello there."],
  spoken: {
    turn: [true, true, true],
    status: "completed",
    hasTranscript: true,
    seconds: 3,
    types: [
      "response.output_item.added",
      "response.content_part.added",
      "response.output_audio.done",
      "response.output_audio_transcript.done",
      "response.content_part.done",
      "response.output_item.done",
    ],
  },
  committed: [true, "completed"],
  tool: ["function_call", "get_weather", [["city", "string"]], true],
  interruption: {
    response: ["cancelled", "client_cancelled", "incomplete"],
    truncated: [true, 50],
    tooLong: ["event_too_long", true],
  },
  outOfBand: ["completed", null, { topic: "aside" }, "You said: Sort this."],
  errors: [
    ["invalid_request_error", "invalid_value", "type", null],
    ["invalid_request_error", "unknown_parameter", "session.bogus_field", null],
    ["invalid_request_error", "response_cancel_not_active", null, null],
    ["invalid_request_error", "input_audio_buffer_commit_empty", null, null],
    ["invalid_request_error", "item_delete_invalid_item_id", null, "event_mine"],
  ],
  closed: 1000,
  secret: ["gpt-realtime-mini", "From the secret."],
  transcription: ["transcription", true],
  refused: ["invalid_api_key", 3000, "invalid_request_error.invalid_api_key"],
};

/** The expected results of npm's @openai/agents-realtime. */
const AGENTS_VERDICT = {
  configured: ["Be brief.", "marin", "server_vad", ["get_weather"]],
  text: ["completed", true, "You said: Hello there."],
  spoken: ["completed", 3, true],
  bargeIn: ["cancelled", "turn_detected", true],
  committed: "completed",
  tool: ["get_weather", "completed", "It is foggy, 1.", 1, true],
  interruption: ["cancelled", true, "incomplete"],
  outOfBand: ["completed", null, { topic: "aside" }],
  error: ["invalid_value", "type"],
  notUnderstood: [],
  status: "disconnected",
};

interface Run {
  readonly runtime: string;
  readonly code: number;
  readonly verdict: Readonly<Record<string, unknown>>;
}

/** Lets a script talk with the simulator on every runtime, or some, at the same time. */
async function talk(
  script: readonly string[],
  { trusted = true, flags = {}, server = [], runtimes = Object.keys(RUNTIMES) }: {
    readonly trusted?: boolean;
    readonly runtimes?: readonly string[];
    readonly flags?: Readonly<Record<string, readonly string[]>>;
    /** Further options of the simulator's command. */
    readonly server?: readonly string[];
  } = {},
): Promise<readonly Run[]> {
  await using certificate = await createCertificate();
  const { certFile, keyFile } = certificate;
  await using simulator = await startSimulator(ROOT, [
    ...["--pace", "10", "--tls-cert", certFile, "--tls-key", keyFile],
    ...server,
  ]);
  const env = {
    PEER_BASE_URL: simulator.url.replace(/^wss(.*)\/realtime$/, "https$1"),
    PEER_SPEECH: `${ROOT}/examples/assets/question.wav`,
    ...trusted && { DENO_CERT: certFile, NODE_EXTRA_CA_CERTS: certFile },
  };
  return await Promise.all(
    runtimes.map(async (runtime) => {
      const [command = "", ...args] = RUNTIMES[runtime]!;
      const options = { cwd: `${ROOT}/tests/peers`, env, timeoutMs: TIMEOUT_MS };
      const { code, output } = await runCommand(command, [...args, ...flags[runtime] ?? [], ...script], options);
      const last = output.split("\n").findLast((line) => line.startsWith("{"));
      assert(last, `${runtime} ended with code ${code} and no verdict: ${output}`);
      return { runtime, code, verdict: JSON.parse(last) };
    }),
  );
}

Deno.test("npm's openai holds a whole conversation with the simulator through its ws class", async () => {
  for (const { code, runtime, verdict } of await talk(["openai_peer.mjs", "ws"])) {
    assertEquals([verdict, code], [OPENAI_VERDICT, 0], runtime);
  }
});

Deno.test("npm's openai holds a whole conversation with the simulator through its WebSocket class", async () => {
  // Node 20 has a WebSocket only behind a flag.
  const flags = { "Node 20": ["--experimental-websocket"] };
  for (const { code, runtime, verdict } of await talk(["openai_peer.mjs", "websocket"], { flags })) {
    assertEquals([verdict, code], [OPENAI_VERDICT, 0], runtime);
  }
});

Deno.test("npm's @openai/agents-realtime holds a whole conversation with the simulator", async () => {
  for (const { code, runtime, verdict } of await talk(["agents_peer.mjs"])) {
    assertEquals([verdict, code], [AGENTS_VERDICT, 0], runtime);
  }
});

/**
 * Servers that third-party clients are used with, too, and the runtimes: every client has talked with the default server
 * on every runtime, and the servers do not differ by runtime.
 */
const SERVERS: readonly (readonly [server: readonly string[], runtimes: readonly string[]])[] = [
  [["--latency", "recorded"], ["Node 20", "Bun"]],
  [["--server", "azure"], ["Node 22", "Deno"]],
];

for (const [server, runtimes] of SERVERS) {
  Deno.test(`other clients hold their conversations with the simulator under ${server.join(" ")}`, async () => {
    // Azure refuses an invalid key at the handshake.
    const refused = server.includes("azure") ? [401] : OPENAI_VERDICT.refused;
    for (const { code, runtime, verdict } of await talk(["openai_peer.mjs", "ws"], { server, runtimes })) {
      // Late transcripts may come after the response.
      const { hasTranscript } = verdict.spoken as { readonly hasTranscript: boolean };
      const expected = { ...OPENAI_VERDICT, refused, spoken: { ...OPENAI_VERDICT.spoken, hasTranscript } };
      assertEquals([verdict, code], [expected, 0], runtime);
    }
    for (const { code, runtime, verdict } of await talk(["agents_peer.mjs"], { server, runtimes })) {
      const [status, seconds, hasTranscript] = verdict.spoken as readonly unknown[];
      assertEquals([{ ...verdict, spoken: [status, seconds] }, code], [
        { ...AGENTS_VERDICT, spoken: ["completed", 3] },
        0,
      ]);
      assertEquals(typeof hasTranscript, "boolean", runtime);
    }
  });
}

Deno.test("other clients trust the simulator's certificate only when configured to", async () => {
  for (const { code, runtime, verdict } of await talk(["openai_peer.mjs", "ws"], { trusted: false })) {
    assertEquals(code, 1, runtime);
    assertMatch(String(verdict.failure), /certificate|self.signed/i, runtime);
  }
});
