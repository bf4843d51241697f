import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  checkLiveClientEvent,
  InvalidEventError,
  isKnownLiveServerEvent,
  isLiveServerEvent,
  LIVE_CLIENT_EVENT_TYPES,
  LIVE_FORK_CLIENT_EVENT_TYPES,
  LIVE_SERVER_EVENT_TYPES,
  LIVE_SIDEBAND_CLIENT_EVENT_TYPES,
  liveCodec,
  type LiveConnection,
  liveForkCodec,
  type LiveOutgoingEvent,
  liveSidebandCodec,
  type MalformedServerEvent,
  MAX_LIVE_FIXTURE_BYTES,
  parseLiveServerEvent,
  safeParseLiveClientEvent,
  safeParseLiveServerEvent,
  safeParseLiveWebhookEvent,
  stringifyLiveClientEvent,
} from "../../../src/protocol/mod.ts";
import { framesOf, ofOtherType, placesOf } from "../_frames.ts";
import { liveClientFrames, liveServerFrames, liveWebhookFrames } from "./_frames.ts";

const CONNECTIONS = ["primary", "sideband", "fork"] as const;

/** Locations whose values the protocol leaves to the Responses API, or to future versions. */
const FREE =
  /\.parameters\.|\.data\.|\.strict$|\.name$|^session\.(client|input|triggers)|questions\[\d\]\.(?!type$)|tools\[|responses\.(?!model)/;

Deno.test("the fixtures hold every event of the Live API", () => {
  assertEquals(Object.keys(liveServerFrames), [...LIVE_SERVER_EVENT_TYPES]);
  assertEquals(Object.keys(liveClientFrames.primary), [...LIVE_CLIENT_EVENT_TYPES]);
  assertEquals(Object.keys(liveClientFrames.sideband), [...LIVE_SIDEBAND_CLIENT_EVENT_TYPES]);
  assertEquals(Object.keys(liveClientFrames.fork), [...LIVE_FORK_CLIENT_EVENT_TYPES]);
  assertEquals(
    [LIVE_SERVER_EVENT_TYPES, LIVE_CLIENT_EVENT_TYPES, LIVE_SIDEBAND_CLIENT_EVENT_TYPES, LIVE_FORK_CLIENT_EVENT_TYPES]
      .map(({ length }) => length),
    [28, 15, 14, 15],
  );
});

Deno.test("safeParseLiveServerEvent() returns events unchanged, and reports wrong types in top-level fields only", () => {
  for (const frame of framesOf(liveServerFrames)) {
    const result = safeParseLiveServerEvent(JSON.stringify({ ...frame, novel: { field: 1 } }));
    assert(result.ok, JSON.stringify(result));
    assertEquals<unknown>(result.event, { ...frame, novel: { field: 1 } });
    assert(isKnownLiveServerEvent(result.event));
    for (const { path, value, replace } of placesOf(frame)) {
      if (path === "type") continue;
      const wrong = safeParseLiveServerEvent(JSON.stringify(replace(ofOtherType(value))));
      // The content of fields, and the meaning of a backend event or a key, are left to the reader.
      if (/[.[]/.test(path) || path === "event") assert(wrong.ok, `${frame.type} with another ${path}`);
      else assert(!wrong.ok && wrong.issues[0]?.path === path, `${frame.type} with a wrong ${path}`);
      assert(safeParseLiveServerEvent(JSON.stringify(replace(null))).ok, `${frame.type} with ${path} null`);
    }
  }
  for (const { minimal } of Object.values(liveServerFrames)) {
    for (const { path, remove } of placesOf(minimal)) {
      assertEquals(
        safeParseLiveServerEvent(JSON.stringify(remove())).ok,
        path !== "type",
        `${minimal.type} without ${path}`,
      );
    }
  }
});

Deno.test("safeParseLiveServerEvent() keeps unknown events, and new values and kinds", () => {
  const unknown = { type: "session.rested", event_id: 5, for_ms: "long" };
  const result = safeParseLiveServerEvent(JSON.stringify(unknown));
  assert(result.ok);
  assertEquals<unknown>(result.event, unknown);
  assert(!isKnownLiveServerEvent(result.event));
  assert(!isLiveServerEvent(result.event, "session.closed"));
  const closed = liveServerFrames["session.closed"]!.full;
  assert(safeParseLiveServerEvent(JSON.stringify({ ...closed, reason: "tired" })).ok);
});

Deno.test("parseLiveServerEvent() returns a malformed frame as an event", () => {
  const event = parseLiveServerEvent(`{"type":"session.usage.updated","event_id":"event_1","usage":3}`);
  assertEquals(event.type, "malformed_event");
  assertEquals((event as MalformedServerEvent).eventType, "session.usage.updated");
  assertEquals(parseLiveServerEvent("nonsense").type, "malformed_event");
  assertEquals(parseLiveServerEvent("[]").type, "malformed_event");
});

Deno.test("stringifyLiveClientEvent() writes the given event, and names invalid fields", () => {
  const codecs = { primary: liveCodec, sideband: liveSidebandCodec, fork: liveForkCodec };
  for (const connection of CONNECTIONS) {
    for (const frame of framesOf(liveClientFrames[connection])) {
      const event = frame as unknown as LiveOutgoingEvent;
      const text = stringifyLiveClientEvent(event, { connection });
      assertEquals(text, JSON.stringify(frame));
      assertEquals(codecs[connection].stringify(event as never), text);
      const result = safeParseLiveClientEvent(text, connection);
      assert(result.ok);
      assertEquals<unknown>(result.event, frame);
      for (const { path, value, replace } of placesOf(frame)) {
        const isPassed = frame.type === "response.item.create" ? /\]\./ : /^item\./;
        if (FREE.test(path) || (/\.item\.create$/.test(frame.type) && isPassed.test(path))) continue;
        const [issue] = checkLiveClientEvent(replace(ofOtherType(value)), connection);
        assert(issue && path.startsWith(issue.path), `${frame.type} with a wrong ${path}: ${issue?.path}`);
      }
      assertEquals(
        checkLiveClientEvent({ ...frame, novel: 1 }, connection).map(({ path, rule }) => [path, rule.kind]),
        [
          ["novel", "unknown_key"],
        ],
      );
    }
    for (const { minimal } of Object.values(liveClientFrames[connection])) {
      for (const { path, remove } of placesOf(minimal)) {
        if (/\[\d\]$/.test(path) || (minimal.type === "decision.item.create" && path !== "item")) continue;
        assertEquals(checkLiveClientEvent(remove(), connection)[0]?.path, path, `${minimal.type} without ${path}`);
      }
    }
  }
});

Deno.test("every connection rejects the events of the others", () => {
  const start = { type: "session.start", session: { model: "gpt-live-1" } };
  const append = { type: "session.input_audio.append", audio: "AAAB" };
  const dtmf = { type: "transport.dtmf.send", event: "1" };
  const path = (event: unknown, connection: LiveConnection) => checkLiveClientEvent(event, connection)[0]?.path;
  assertEquals([path(start, "sideband"), path(append, "sideband"), path(dtmf, "sideband")], [
    "type",
    "type",
    undefined,
  ]);
  assertEquals([path(start, "fork"), path(dtmf, "fork"), path(dtmf, "primary")], ["session.model", "type", "type"]);
  assert(safeParseLiveClientEvent(JSON.stringify({ type: "response.cancel" })).ok, "of an unknown type");
});

/** Settings of a session with one change, and the path of the issue. */
const SETTINGS: readonly [settings: Record<string, unknown>, path: string, message: string][] = [
  [{ model: " " }, "session.model", "more than white space"],
  [{ colour: "red" }, "session.colour", "is not a field"],
  [{ audio: { input: {} } }, "session.audio.input", "is not a field"],
  [{ audio: { format: { type: "audio/pcm", rate: 48_000 } } }, "session.audio.format.rate", "16000 | 24000"],
  [{ audio: { format: { type: "audio/pcmu", rate: 24_000 } } }, "session.audio.format.rate", "must be 8000"],
  [{ audio: { output: { voice: "" } } }, "session.audio.output.voice", "1 to 128"],
  [{ audio: { output: { voice: { id: "v".repeat(129) } } } }, "session.audio.output.voice.id", "1 to 128"],
  [{ input: [{ role: "system", content: [{ text: "Hi" }] }] }, "session.input[0].role", "must be"],
  [{ input: [{ role: "user", content: [] }] }, "session.input[0].content", "exactly one part"],
  [{ input: Array(129).fill({ role: "user", content: [{ text: "Hi" }] }) }, "session.input", "at most 128 messages"],
  [{ input: [{ role: "user", content: [{ text: "word ".repeat(8_193) }] }] }, "session.input", "at most 8192 tokens"],
  [{ instructions: "word ".repeat(16_385) }, "session.instructions", "at most 16384 tokens"],
  [{ delegation: { type: "responses" } }, "session.delegation.responses", "it is missing"],
  [
    { delegation: { type: "responses", responses: { model: "m", max_output_tokens: 15 } } },
    "session.delegation.responses.max_output_tokens",
    ">= 16",
  ],
  [
    { delegation: { type: "responses", responses: { model: "m", tools: [{ type: "function", name: "no spaces" }] } } },
    "session.delegation.responses.tools[0].name",
    "1 to 64",
  ],
  [
    { delegation: { type: "client", acknowledgement_delay_ms: -1 } },
    "session.delegation.acknowledgement_delay_ms",
    ">= 0",
  ],
  [
    { client: { data_channel: { allowed_client_events: "none" } } },
    "session.client.data_channel.allowed_client_events",
    "all",
  ],
  [
    { client: { data_channel: { allowed_server_events: [{ type: "response.event" }] } } },
    "session.client.data_channel.allowed_server_events[0]",
    "exactly when",
  ],
];

Deno.test("a session start is validated as deeply as the server does", () => {
  for (const [settings, path, message] of SETTINGS) {
    const [issue] = checkLiveClientEvent({ type: "session.start", session: { model: "gpt-live-1", ...settings } });
    assertEquals(issue?.path, path);
    assert(issue?.message.includes(message), issue?.message);
  }
  // Hints for the Realtime API would name fields that a Live session does not have.
  const voice = { type: "session.start", session: { model: "gpt-live-1", voice: "marin" } };
  assertEquals(checkLiveClientEvent(voice)[0]?.message, "is not a field that this version knows here");
  const trigger = liveClientFrames.primary["session.start"]!.full.session!.triggers![0];
  const session = { model: "gpt-live-1", triggers: [trigger, trigger] };
  assertEquals(checkLiveClientEvent({ type: "session.start", session })[0]?.path, "session.triggers");
  assertEquals(
    checkLiveClientEvent({ type: "session.update", session: { instructions: "Be kind." } })[0]?.path,
    "session.instructions",
  );
  assertEquals(
    checkLiveClientEvent({ type: "session.start", session: { model: "gpt-live-9", instructions: null } }),
    [],
  );
});

Deno.test("blank texts for the model, and texts that are too long for any tokenizer, are rejected", () => {
  const content = (text: string) =>
    checkLiveClientEvent({ type: "session.commentary.append", content: text, delegation_id: null })[0]?.message;
  assertEquals(content("  \n"), `must be more than white space: current value is "  \\n"`);
  assert(content("word ".repeat(501))?.startsWith("must have at most 500 tokens"));
  assert(content("x".repeat(64_001))?.startsWith("must have at most 500 tokens"));
  assertEquals(content("word ".repeat(500)), undefined);
  assertThrows(
    () => stringifyLiveClientEvent({ type: "session.thinking.append", content: "Hi" } as never),
    InvalidEventError,
    "delegation_id",
  );
});

Deno.test("fixtures and appends that are not audio are rejected", () => {
  const play = (audio: string) =>
    checkLiveClientEvent({ type: "session.output_audio.fixture.play", audio })[0]?.message ?? "";
  assert(play("AAAB").startsWith("must be base64 of whole samples"));
  assert(play("A").startsWith("must be base64 of"));
  assert(play("AAAA".repeat(MAX_LIVE_FIXTURE_BYTES / 3 + 2)).startsWith("must have at most 1440000 bytes"));
  assertEquals(play("AAAA".repeat(MAX_LIVE_FIXTURE_BYTES / 3)), "");
  assertEquals(checkLiveClientEvent({ type: "session.input_audio.append", audio: "??" })[0]?.path, "audio");
});

Deno.test("safeParseLiveWebhookEvent() reads Live API webhooks, and keeps other events", () => {
  for (const frame of framesOf(liveWebhookFrames)) {
    const result = safeParseLiveWebhookEvent(JSON.stringify(frame));
    assert(result.ok);
    assertEquals<unknown>(result.event, frame);
    for (const { path, value, replace } of placesOf(frame)) {
      const wrong = safeParseLiveWebhookEvent(JSON.stringify(replace(ofOtherType(value))));
      assert(!wrong.ok && wrong.issues[0]?.path === path, path);
    }
  }
  assert(safeParseLiveWebhookEvent(`{"type":"response.completed"}`).ok);
});
