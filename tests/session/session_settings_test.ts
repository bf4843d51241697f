import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { connect } from "../../src/connect.ts";
import { InvalidEventError } from "../../src/errors.ts";
import { contradicts, type SessionSettings, toSessionConfig } from "../../src/session/session_settings.ts";
import { createSimulator } from "../../src/simulator/mod.ts";
import { CoreSession, toolsPart } from "../../src/session/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { FakeServer, type Frame, open } from "./_fake_server.ts";

const sum = defineTool({ name: "sum", run: () => 0 });

/** A shorthand, its expansion, and the same field on the wire. */
const SHORTHANDS: readonly (readonly [settings: SessionSettings, config: object])[] = [
  [{ instructions: "Be brief." }, { instructions: "Be brief." }],
  [{ voice: "marin" }, { audio: { output: { voice: "marin" } } }],
  [{ turnDetection: "server_vad" }, { audio: { input: { turn_detection: { type: "server_vad" } } } }],
  [{ turnDetection: null }, { audio: { input: { turn_detection: null } } }],
  [{ turnDetection: { type: "semantic_vad", eagerness: "low" } }, {
    audio: { input: { turn_detection: { type: "semantic_vad", eagerness: "low" } } },
  }],
  [{ transcription: { model: "gpt-transcribe" } }, {
    audio: { input: { transcription: { model: "gpt-transcribe" } } },
  }],
  [{ transcription: null }, { audio: { input: { transcription: null } } }],
  [{ noiseReduction: { type: "near_field" } }, { audio: { input: { noise_reduction: { type: "near_field" } } } }],
  [{ noiseReduction: null }, { audio: { input: { noise_reduction: null } } }],
  [{ outputModalities: ["text"] }, { output_modalities: ["text"] }],
  [{ reasoning: { effort: "low" } }, { reasoning: { effort: "low" } }],
];

for (const [settings, config] of SHORTHANDS) {
  Deno.test(`toSessionConfig() expands ${JSON.stringify(settings)}, and rejects it next to the same field of session`, () => {
    assertEquals(toSessionConfig(settings, "realtime"), { type: "realtime", ...config });
    assertThrows(
      () => toSessionConfig({ ...settings, session: config }, "realtime"),
      TypeError,
      Object.keys(settings)[0]!,
    );
  });
}

Deno.test("toSessionConfig() names both places of a field that is set twice", () => {
  const twice = { instructions: "Hum.", session: { instructions: "Sing." } };
  assertThrows(
    () => toSessionConfig(twice, "realtime"),
    TypeError,
    "Cannot set both instructions and session.instructions: pass one of them",
  );
});

Deno.test("toSessionConfig() merges shorthands into session, and mutates neither", () => {
  const session = { audio: { input: { format: { type: "audio/pcmu" } }, output: { speed: 1.5 } } } as const;
  const before = structuredClone(session);
  assertEquals(toSessionConfig({ session, voice: "cedar", turnDetection: null, instructions: undefined }, "realtime"), {
    type: "realtime",
    audio: {
      input: { format: { type: "audio/pcmu" }, turn_detection: null },
      output: { speed: 1.5, voice: "cedar" },
    },
  });
  assertEquals(session, before);
});

/** The configuration with which a session with these tools opens. */
function configOf({ tools = [], session = {} }: SessionSettings): unknown {
  const { transport } = new FakeServer();
  return new CoreSession(transport, {}, [toolsPart({ tools })]).configure(toSessionConfig({ session }, "realtime"));
}

Deno.test("toolsPart() adds the local tools to hosted ones", () => {
  const hosted = { type: "mcp", server_label: "docs", server_url: "https://example.com/mcp" } as const;
  assertEquals(configOf({ tools: [sum], session: { tools: [hosted] } }), {
    type: "realtime",
    tools: [hosted, sum.definition],
  });
});

Deno.test("toSessionConfig() without settings returns the bare type, for either session type", () => {
  assertEquals(toSessionConfig({}, "realtime"), { type: "realtime" });
  assertEquals(toSessionConfig({ tools: [], voice: undefined }, "transcription"), { type: "transcription" });
});

Deno.test("contradicts() compares only the scalars that were set", () => {
  const config = {
    type: "realtime",
    instructions: "Ours",
    output_modalities: ["text"],
    audio: { input: { turn_detection: null }, output: { voice: "marin", speed: 1.1 } },
  };
  assertEquals(contradicts(config, undefined), false);
  assertEquals(contradicts(config, { type: "realtime", model: "gpt-realtime" }), false);
  assertEquals(contradicts(config, { instructions: "Ours", output_modalities: ["audio"] }), false);
  assertEquals(contradicts(config, { audio: { output: { voice: "marin", speed: Math.fround(1.1) } } }), false);
  assertEquals(contradicts(config, { instructions: "Theirs" }), true);
  assertEquals(contradicts(config, { audio: { output: { voice: "cedar" } } }), true);
  assertEquals(contradicts(config, { audio: { output: { speed: 1 } } }), true);
  assertEquals(contradicts(config, { audio: { input: { turn_detection: { type: "server_vad" } } } }), true);
  // A field that the server does not support is null, whatever was requested.
  assertEquals(contradicts({ reasoning: { effort: "low" } }, { reasoning: null }), false);
  // An empty prompt restores the server's default.
  assertEquals(contradicts({ instructions: "" }, { instructions: "You are helpful." }), false);
});

Deno.test("toolsPart() rejects two functions of the same name, whether local or not", () => {
  const other = { type: "function", name: "sum", parameters: {} } as const;
  const settings: readonly SessionSettings[] = [
    { tools: [sum], session: { tools: [other] } },
    { session: { tools: [other, other] } },
    { tools: [sum, sum] },
  ];
  for (const each of settings) assertThrows(() => configOf(each), TypeError, "same name: sum");
  // Hosted tools have no name.
  const hosted = { type: "mcp", server_label: "docs", server_url: "https://example.com/mcp" } as const;
  const config = configOf({ tools: [sum], session: { tools: [hosted, { ...hosted }] } });
  assertEquals((config as { tools: unknown }).tools, [hosted, hosted, sum.definition]);
});

Deno.test("Session.update() rejects another voice once the model has spoken", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  await using session = await connect({ apiKey: "sk-test", dial: simulator.dial });
  const voice = (name: string) => ({ audio: { output: { voice: name } } });
  await session.update(voice("cedar"));
  await session.sendMessage("Hello!");
  await session.respond({ output_modalities: ["text"] }).done;
  await session.update(voice("marin"));

  await session.respond().done;
  await assertRejects(
    () => session.update(voice("cedar")),
    InvalidEventError,
    'Cannot send session.update as session.audio.output.voice must stay "marin" as the model has spoken: ' +
      'current value is "cedar"',
  );
  await session.update({ ...voice("marin"), instructions: "Be brief." });
});

Deno.test("Session.update() knows by the server's playback and by items, too, that the model has spoken", async () => {
  const said = (type: string) => ({ item: { type: "message", role: "assistant", content: [{ type }] } });
  const cases: readonly (readonly [event: Frame, hasSpoken: boolean])[] = [
    [{ type: "output_audio_buffer.started", response_id: "resp_1" }, true],
    [{ type: "conversation.item.added", ...said("output_audio") }, true],
    [{ type: "conversation.item.added", ...said("output_text") }, false],
    [{ type: "response.output_text.delta", delta: "Hello" }, false],
  ];
  for (const [event, hasSpoken] of cases) {
    const { server, session } = await open();
    server.emit({ type: "session.updated", session: { audio: { output: { voice: "marin" } } } }, event);
    await server.settle();
    const updating = session.update({ audio: { output: { voice: "cedar" } } }).catch(() => {});
    await server.settle();
    assertEquals([event.type, server.takeTypes()], [event.type, hasSpoken ? [] : ["session.update"]]);
    await session.close();
    await updating;
  }
});
