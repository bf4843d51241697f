import { assert, assertEquals, assertMatch } from "@std/assert";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { connectVoice } from "../../src/voice/mod.ts";
import { createWorld } from "./_calls.ts";
import { optionTakers } from "./_option_takers.ts";

/** Exports with options that are not called here, with the reason. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/^new \w*Error$/, "an error that reports another must not hide it by one of its own"],
  [/^new (MicrophoneTrack|RealtimeTranscription|RealtimeTranslation|WebRtcVoiceSession)$/, "the library makes it"],
  [/^(PartSession|SessionHost)\./, "the methods of a session, in the hands of a part"],
  [/^(EdgeCall|EdgeLiveCall)\.attach$/, "it passes its options to connect() or attachLive()"],
  [/^LiveDelegationTask\./, "tests/live/delegation_test.ts has a delegation"],
];

/** The message of a call about its options, however it fails. */
async function complaint(call: (options: unknown) => unknown, options: unknown): Promise<string> {
  try {
    await call(options);
  } catch (error) {
    return `${error}`;
  }
  return "nothing";
}

Deno.test("every export with options rejects an unknown one by name before it does anything", async () => {
  await using world = await createWorld();
  const wrong: string[] = [];
  for (const [name, call] of Object.entries(world.calls)) {
    const said = await complaint(call, { colour: "red" });
    // The recovery part names the function that has the options.
    if (!/^TypeError: Cannot .+ as there is no option (?:recovery\.)?colour$/.test(said)) {
      wrong.push(`${name}: ${said}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("a wait rejects a signal in place of its options", async () => {
  const { dial } = createSimulator({ pace: "fast" });
  await using voice = await connectVoice({ apiKey: "sk-test", dial });
  const { session } = voice;
  const { signal } = new AbortController();
  const waits: readonly ((options: never) => unknown)[] = [
    (options) => session.drain(options),
    (options) => session.update({}, options),
    (options) => voice.waitForPlayout(options),
  ];
  for (const wait of waits) {
    const said = await complaint((options) => wait(options as never), signal);
    assertMatch(said, /^TypeError: Cannot .+ as there is no option AbortSignal: did you mean signal\?$/);
  }
  // It has no options.
  const said = await complaint((options) => session.idle.call(session, ...[options] as unknown as []), signal);
  assertMatch(said, /^TypeError: Cannot .+ as there is no option AbortSignal$/);
});

Deno.test("every export with options is tested with an unknown one, or excluded with a reason", async () => {
  await using world = await createWorld();
  const called = new Set(Object.keys(world.calls));
  const takers = await optionTakers();
  const isLeftOut = (name: string) => LEFT_OUT.some(([pattern]) => pattern.test(name));
  assertEquals(takers.filter((name) => !called.has(name) && !isLeftOut(name)), []);
  assertEquals(LEFT_OUT.filter(([pattern]) => !takers.some((name) => pattern.test(name))), []);
  assertEquals([...called].filter((name) => !takers.includes(name.replace(/ with .*/, ""))), []);
});

Deno.test("a misspelt option is rejected with a suggestion", async () => {
  await using world = await createWorld();
  for (
    const [name, options, meant] of [
      ["openSession", { ackTimeout: 5 }, "ackTimeoutMs"],
      ["openSessionWith", { on_unhandled: () => {} }, "onUnhandled"],
      ["new Session", { tool: [] }, "tools"],
      ["new VoiceSession", { leadMS: 100 }, "leadMs"],
      ["VoiceSession.waitForPlayout", { timeout: 5 }, "timeoutMs"],
      ["VoiceSession.drain", { timeoutms: 5 }, "timeoutMs"],
      ["CoreSession.send", { isBase46: true }, "isBase64"],
      ["connectWebSocket", { baseURL: "https://example.com" }, "baseUrl"],
      ["connectVoiceWebRtc", { instruction: "Hush." }, "instructions"],
      ["connectRelay", { halfduplex: true }, "halfDuplex"],
      ["createRealtimeApp", { allowedOrigin: [] }, "allowedOrigins"],
      ["createTransport", { code: 1 }, "codec"],
      ["createSubprotocolDialer", { websocket: 1 }, "WebSocket"],
      ["writeWav", { rate: 8_000 }, "sampleRate"],
      ["redisStore", { prefixes: "a" }, "prefix"],
      ["Simulator.transport", { key: "sk-test" }, "apiKey"],
      ["LiveSession.say", { delegation: "d" }, "delegationId"],
      ["toolsPart", { toolRound: 1 }, "toolRounds"],
    ] as const
  ) {
    const said = await complaint(world.calls[name]!, options);
    const [given] = Object.keys(options);
    assertEquals(
      said.replace(/^TypeError: Cannot .+ as there/, "There"),
      `There is no option ${given}: did you mean ${meant}?`,
      name,
    );
  }
});

Deno.test("null options are rejected as such", async () => {
  await using world = await createWorld();
  const wrong: string[] = [];
  for (const [name, call] of Object.entries(world.calls)) {
    // The table adds required options, so that null does not reach the call.
    if (/\.\.\.options/.test(`${call}`)) continue;
    const said = await complaint(call, null);
    if (!/^TypeError: Cannot .+ as .+ must be an object: current value is null$/.test(said)) {
      wrong.push(`${name}: ${said}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("every method of a session that waits rejects limits of the wait of the wrong kind", async () => {
  await using world = await createWorld();
  const waits = /^(?:CoreSession|McpApprovalsApi|RealtimeTran\w+|ResponseHandle|ToolsApi|VoiceSession)\./;
  const wrong: string[] = [];
  let checked = 0;
  for (const [name, call] of Object.entries(world.calls)) {
    if (!waits.test(name)) continue;
    for (const timeoutMs of ["1000", null, true, NaN, -1]) {
      const said = await complaint(call, { timeoutMs });
      if (/there is no option timeoutMs/.test(said)) continue;
      checked++;
      const fault = typeof timeoutMs === "number" ? "RangeError" : "TypeError";
      const isNamed = said.startsWith(fault) && said.includes(" as timeoutMs must be a number >= 0: ");
      if (!isNamed) wrong.push(`${name}: ${said}`);
    }
    for (const signal of ["signal", {}, 1]) {
      const said = await complaint(call, { signal });
      if (/there is no option signal/.test(said)) continue;
      checked++;
      if (!/^TypeError: Cannot .+ as signal must be an AbortSignal: /.test(said)) wrong.push(`${name}: ${said}`);
    }
  }
  assertEquals(wrong, []);
  assert(checked > 100, `${checked}`);
});

Deno.test("methods of a session that wait or read, but have no options, reject some", async () => {
  const { dial } = createSimulator({ pace: "fast" });
  await using voice = await connectVoice({ apiKey: "sk-test", dial, turnDetection: null });
  const { session } = voice;
  const calls: Record<string, (options?: object) => unknown> = {
    "CoreSession.events": (...options) => session.events(...options as []),
    "CoreSession.idle": (...options) => session.idle(...options as []),
    "CoreSession.responses": (...options) => session.responses(...options as []),
    "VoiceSession.idle": (...options) => voice.idle(...options as []),
    "VoiceSession.transcripts": (...options) => voice.transcripts(...options as []),
  };
  for (const [name, call] of Object.entries(calls)) {
    const said = await complaint(call as (options: unknown) => unknown, { timeoutMs: 1 });
    assertMatch(said, /^TypeError: Cannot .+ as there is no option timeoutMs$/, name);
    await call();
  }
  for (const audio of ["yes", 1, null]) {
    assertMatch(
      await complaint((options) => voice.events(options as never), { audio }),
      /^TypeError: Cannot read events as audio must be true or false: current value is /,
    );
  }
});

Deno.test("a command rejects the options of other commands", async () => {
  await using world = await createWorld();
  for (
    const [name, options] of [
      ["CoreSession.addItem", { contentIndex: 1 }],
      ["CoreSession.addItem", { reason: "no" }],
      ["CoreSession.sendMessage", { reason: "no" }],
      ["CoreSession.deleteItem", { previousItemId: "item_1" }],
      ["CoreSession.retrieveItem", { contentIndex: 1 }],
      ["CoreSession.truncateItem", { previousItemId: "item_1" }],
      ["CoreSession.commitAudio", { previousItemId: "item_1" }],
      ["CoreSession.clearAudio", { check: false }],
      ["CoreSession.update", { contentIndex: 1 }],
      ["McpApprovalsApi.approveMcp", { previousItemId: "item_1" }],
      ["McpApprovalsApi.denyMcp", { contentIndex: 1 }],
      ["ToolsApi.setTools", { reason: "no" }],
    ] as const
  ) {
    const said = await complaint(world.calls[name]!, options);
    assertMatch(said, new RegExp(`^TypeError: Cannot .+ as there is no option ${Object.keys(options)[0]}`), name);
  }
});
