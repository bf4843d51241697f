import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type * as v from "valibot";
import { writeWav } from "../../../src/audio/mod.ts";
import type { ScenarioSchema } from "../../../src/simulator/model/_scenario_schema.ts";
import { loadScenario, parseScenario } from "../../../src/simulator/model/parse_scenario.ts";
import type { Scenario } from "../../../src/simulator/model/scenario.ts";
import type { ScenarioMessage } from "../../../src/simulator/model/scenario_output.ts";

const TURN = { responses: [{ outputs: [{ type: "message", text: "Hello" }] }] };

/** A scenario whose only message has a recording. */
function withAudio(audio: unknown): unknown {
  return { turns: [{ responses: [{ outputs: [{ type: "message", text: "Hello", audio }] }] }] };
}

function messagesOf(scenario: Scenario): ScenarioMessage[] {
  const responses = [scenario.opening, ...scenario.turns.flatMap((turn) => turn.responses)];
  return responses.flatMap((response) => response?.outputs ?? []).filter((output) => output.type === "message");
}

Deno.test("parseScenario() returns a scenario that uses every field", () => {
  const scenario: Scenario = {
    opening: { outputs: [{ type: "message", text: "Welcome", audio: new Int16Array(3) }] },
    idle: { outputs: [{ type: "message", text: "Still there?", delayMs: 1 }] },
    outOfBand: [{ outputs: [], reasoningTokens: 12 }],
    mcp: {
      docs: {
        tools: [{ name: "find", input_schema: {}, description: null, annotations: { readOnlyHint: true } }],
        delayMs: 20,
      },
      wiki: { tools: [], fails: true },
    },
    expect: [{ type: "session.update", session: { output_modalities: ["text"] } }],
    turns: [{
      user: "What is the weather like?",
      match: "weather",
      transcription: {
        delayMs: 900,
        language: "en",
        segments: [{ speaker: "A", text: "What is" }],
        failure: { code: "audio_unintelligible", message: "It could not be understood." },
      },
      translation: { text: "Wie ist das Wetter?", audio: new Int16Array(5) },
      responses: [
        {
          outputs: [
            { type: "message", text: "One moment", phase: "commentary" },
            { type: "function_call", name: "get_weather", arguments: { city: "Paris", days: [1, 2] }, delayMs: 5 },
            { type: "function_call", name: "get_weather", arguments: "{not JSON" },
            {
              type: "mcp_call",
              server_label: "docs",
              name: "find",
              arguments: {},
              output: "Found.",
              durationMs: 300,
              delayMs: 4,
            },
            {
              type: "mcp_call",
              server_label: "docs",
              name: "find",
              arguments: "{}",
              error: { type: "http_error", code: 502, message: "Bad gateway" },
            },
          ],
          delayMs: 250,
          interleaved: true,
        },
        { outputs: [], outcome: { status: "failed", code: "server_error", message: "Sorry" } },
        { outputs: [], outcome: { status: "incomplete", reason: "content_filter" } },
        { outputs: [], outcome: { status: "refused", code: "rate_limit_exceeded", message: "Slow down" } },
      ],
      expect: [{ type: "response.create" }],
    }],
  };
  assertEquals(parseScenario(structuredClone(scenario)), scenario);
  // The schema's output is a scenario, by its return type, and the schema accepts every scenario:
  const input: v.InferInput<typeof ScenarioSchema> = structuredClone(scenario) as Mutable<Scenario>;
  assert(input);
});

type Mutable<T> = T extends Int16Array ? Int16Array<ArrayBuffer>
  : T extends readonly (infer Each)[] ? Mutable<Each>[]
  : T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
  : T;

Deno.test("parseScenario() names the path of an invalid field", () => {
  const cases: [unknown, string][] = [
    [null, "the scenario must be an object: current value is null"],
    [undefined, "the scenario is missing"],
    [{}, "turns is missing"],
    [{ turns: [], turn: [] }, "there is no field turn: did you mean turns?"],
    [[], "the scenario must be an object: current value is a list"],
    [{ turns: [], idle: [] }, "idle must be an object: current value is a list"],
    [{ turns: [], mcp: [] }, "mcp must be an object: current value is a list"],
    [{ turns: [{ ...TURN, transcription: [] }] }, "turns[0].transcription must be an object: current value is a list"],
    [
      { turns: [{ ...TURN, transcription: { delay: 5 } }] },
      "there is no field turns[0].transcription.delay: did you mean turns[0].transcription.delayMs?",
    ],
    [{ turns: {} }, "turns must be a list: current value is an object"],
    [{ turns: [TURN, { user: 1, responses: [] }] }, "turns[1].user must be a string: current value is 1"],
    [{ turns: [{ ...TURN, says: "" }] }, "there is no field turns[0].says"],
    [{ turns: [{ responses: [{ outputs: [{ type: "call" }] }] }] }, "turns[0].responses[0].outputs[0].type must be"],
    [withAudio(1), "turns[0].responses[0].outputs[0].audio must be"],
    [
      { turns: [], opening: { outputs: [{ type: "function_call", name: "f", arguments: [1] }] } },
      "opening.outputs[0].arguments must be a string or an object: current value is a list",
    ],
    [{ turns: [], opening: { outputs: [], delayMs: -1 } }, "opening.delayMs must be >= 0: current value is -1"],
    [{ turns: [], opening: { outputs: [], outcome: { status: "done" } } }, "opening.outcome.status must be"],
    [
      { turns: [], idle: { outputs: [], reasoningTokens: 1.5 } },
      "idle.reasoningTokens must be a whole number: current",
    ],
    [{ turns: [], mcp: { docs: { tools: [], late: 1 } } }, "there is no field mcp.docs.late"],
    [{ turns: [], mcp: { docs: { tools: [{ name: 1 }] } } }, "mcp.docs.tools[0].name must be a string"],
    [{ turns: [], expect: [{ type: "response.creat" }] }, "expect[0].type must be"],
    [{ turns: [{ ...TURN, expect: [{}] }] }, "turns[0].expect[0].type is missing"],
    [
      { turns: [{ ...TURN, transcription: { transcript: "" } }] },
      "there is no field turns[0].transcription.transcript",
    ],
    [{ turns: [{ ...TURN, translation: { audio: "a.wav" } }] }, "turns[0].translation.text is missing"],
    [
      { turns: [{ responses: [{ outputs: [{ type: "function_call", name: "f", args: {} }] }] }] },
      "there is no field turns[0].responses[0].outputs[0].args: did you mean turns[0].responses[0].outputs[0].arguments?",
    ],
    [
      { turns: [{ responses: [{ output: [] }] }] },
      "there is no field turns[0].responses[0].output: did you mean turns[0].responses[0].outputs?",
    ],
    [
      { turns: [{ responses: [{ outputs: [{ type: "message", text: "Hi", delay: 1 }] }] }] },
      "there is no field turns[0].responses[0].outputs[0].delay: did you mean turns[0].responses[0].outputs[0].delayMs?",
    ],
    [
      { turns: [], opening: { outputs: [], outcome: { status: "done", code: 1 } } },
      'opening.outcome.status must be "failed" or "incomplete" or "refused": current value is "done"',
    ],
    ['{"turns":[]}', "the scenario must be an object: current value is a string, parse it first"],
    [Promise.resolve({}), "the scenario must be an object: current value is a Promise, await loadScenario() first"],
  ];
  for (const [json, message] of cases) {
    assertThrows(() => parseScenario(json), TypeError, `Cannot parse scenario as ${message}`);
  }
});

Deno.test("loadScenario() reads each recording once", async () => {
  const samples = new Int16Array([1, -2, 3]);
  const turns = [(withAudio("a.wav") as { turns: unknown[] }).turns[0], TURN];
  const opening = { outputs: [{ type: "message", text: "Hi", audio: "a.wav" }], delayMs: 5 };
  const [idle, translation] = [opening, { text: "Hallo", audio: "b.wav" }];
  const outOfBand = [opening];
  const read: string[] = [];
  const scenario = await loadScenario({ opening, idle, outOfBand, turns: [...turns, { translation, responses: [] }] }, {
    read: (path) => {
      read.push(path);
      return Promise.resolve(writeWav(samples, { sampleRate: 24_000 }));
    },
  });
  assertEquals(read, ["a.wav", "b.wav"]);
  assertEquals(scenario.turns[2]?.translation, { text: "Hallo", audio: samples });
  assertEquals([scenario.idle, scenario.outOfBand?.[0]], [scenario.opening, scenario.opening]);
  assertEquals(messagesOf(scenario).map(({ audio }) => audio), [samples, samples, undefined]);
  assertEquals(scenario.opening?.delayMs, 5);
});

Deno.test("loadScenario() rejects recordings in another format", async () => {
  const bad: [Uint8Array, string][] = [
    [writeWav(new Int16Array(8), { sampleRate: 16_000 }), "current value is 16000 Hz, 1 channel, audio/pcm"],
    [writeWav(new Int16Array(8), { channels: 2 }), "current value is 24000 Hz, 2 channels, audio/pcm"],
    [writeWav(new Int16Array(8), { format: "audio/pcmu", sampleRate: 24_000 }), "24000 Hz, 1 channel, audio/pcmu"],
    [new TextEncoder().encode("This is no recording at all."), '"a.wav" is not readable: Cannot read WAV'],
  ];
  for (const [bytes, message] of bad) {
    const error = await assertRejects(
      () => loadScenario(withAudio("a.wav"), { read: () => Promise.resolve(bytes) }),
      SyntaxError,
      "Cannot load scenario as ",
    );
    assert(error.message.includes(message), error.message);
  }
});

Deno.test("loadScenario() rejects with the error of the reader", async () => {
  const read = () => Promise.reject(new RangeError("gone"));
  await assertRejects(() => loadScenario(withAudio("a.wav"), { read }), RangeError, "gone");
});

Deno.test("loadScenario() reads the demo's scenario, whose recordings have the expected length", async () => {
  const file = new URL("../../../examples/demo/scenario.json", import.meta.url);
  const scenario = await loadScenario(JSON.parse(await Deno.readTextFile(file)), {
    read: (path) => Deno.readFile(new URL(path, file)),
  });
  const seconds = messagesOf(scenario).map(({ audio }) => Math.round((audio?.length ?? 0) / 24_000));
  assertEquals(seconds, [5, 16, 2]);
  assertEquals(scenario.turns.map(({ responses }) => responses.length), [2, 1, 1]);
});
