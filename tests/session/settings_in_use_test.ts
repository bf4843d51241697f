import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InvalidEventError } from "../../src/errors.ts";
import type { RealtimeSession } from "../../src/protocol/mod.ts";
import { createSimulator } from "../../src/simulator/mod.ts";
import { connect } from "../../src/connect.ts";
import type { Session } from "../../src/session/mod.ts";

// deno-lint-ignore no-explicit-any -- callers without types pass anything
type Loose = any;

async function open(): Promise<Session> {
  return await connect({ apiKey: "sk-test", dial: createSimulator().dial, outputModalities: ["text"] });
}

Deno.test("Session.update() accepts the shorthands of connect()", async () => {
  await using session = await open();
  const changed = await session.update({
    turnDetection: "semantic_vad",
    transcription: { model: "gpt-4o-mini-transcribe" },
    noiseReduction: { type: "near_field" },
    outputModalities: ["audio"],
    voice: "cedar",
    instructions: "Hush.",
  }) as RealtimeSession;
  const { input, output } = changed.audio!;
  assertEquals([input?.turn_detection?.type, input?.transcription?.model, input?.noise_reduction?.type], [
    "semantic_vad",
    "gpt-4o-mini-transcribe",
    "near_field",
  ]);
  assertEquals([output?.voice, changed.output_modalities, changed.instructions], ["cedar", ["audio"], "Hush."]);

  const manual = await session.update({ turnDetection: null }) as RealtimeSession;
  assertEquals([manual.audio?.input?.turn_detection, manual.audio?.output?.voice], [null, "cedar"]);
});

Deno.test("Session.update() accepts a shorthand next to wire fields, but not for the same field", async () => {
  await using session = await open();
  const audio = { output: { speed: 1.2 } };
  const { audio: changed } = await session.update({ voice: "cedar", audio }) as RealtimeSession;
  assertEquals([changed?.output?.voice, changed?.output?.speed], ["cedar", 1.2]);
  const twice = { voice: "cedar", audio: { output: { voice: "marin" } } } as const;
  await assertRejects(() => session.update(twice), TypeError, "Cannot set both voice and audio.output.voice");
});

Deno.test("Session.update() rejects another model before anything is sent", async () => {
  await using session = await open();
  const error = await assertRejects(() => session.update({ model: "gpt-realtime-mini" }), InvalidEventError);
  assertEquals(error.path, "session.model");
  const model = (session.config as RealtimeSession).model ?? undefined;
  assertEquals((await session.update({ model, instructions: "Hush." }) as RealtimeSession).instructions, "Hush.");
});

Deno.test("commands reject unknown settings and options with a suggestion", async () => {
  await using session = await open();
  const loose = session as Loose;
  for (
    const [run, message] of [
      [() => loose.update({ instruction: "" }), "there is no option instruction: did you mean instructions?"],
      [() => loose.update({ turn_detection: null }), "no option turn_detection: did you mean turnDetection?"],
      [() => loose.update({}, { timeoutMS: 5 }), "Cannot send session.update as there is no option timeoutMS"],
      [() => loose.ask("Hello", { instruction: "" }), "no option instruction: did you mean instructions?"],
      [() => loose.ask("Hello", { output: ["text"] }), "there is no option output"],
      [() => loose.sendMessage("Hello", { previous: "root" }), "no option previous: did you mean previousItemId?"],
      [() => loose.drain({ timeout: 5 }), "Cannot drain the session as there is no option timeout"],
    ] as const
  ) {
    await assertRejects(run, TypeError, message);
  }
  assertThrows(() => loose.respond({ modalities: ["text"] }), TypeError, "did you mean output_modalities?");
  assertThrows(() => loose.respond({}, { timeout: 5 }), TypeError, "did you mean timeoutMs?");
  assertEquals(session.conversation.getSnapshot(), []);
});

Deno.test("commands name arguments that are null or of the wrong type in their errors", async () => {
  await using session = await open();
  const loose = session as Loose;
  for (
    const [run, message] of [
      [() => loose.update(), "the options must be an object: current value is undefined"],
      [() => loose.update(null), "the options must be an object: current value is null"],
      [() => loose.ask("Hello", null), "the options must be an object: current value is null"],
      [() => loose.sendMessage("Hello", null), "the options must be an object: current value is null"],
      [() => loose.drain(null), "the options must be an object: current value is null"],
      [() => loose.sendMessage(), "content must be a string or an array of parts: current value is undefined"],
      [() => loose.sendMessage(5), "content must be a string or an array of parts: current value is 5"],
      [() => loose.sendMessage(null), "content must be a string or an array of parts: current value is null"],
      [() => loose.sendMessage({ type: "input_text", text: "Hello" }), "an array of parts: current value is an object"],
      [() => loose.sendMessage(["Hello", 5]), "each part must be a string or an object: current value is 5"],
      [() => loose.ask(5), "content must be a string or an array of parts: current value is 5"],
    ] as const
  ) {
    await assertRejects(run, TypeError, message);
  }
  assertThrows(() => loose.respond(null), TypeError, "the options must be an object: current value is null");
  assertThrows(
    () => loose.respond("Hello"),
    TypeError,
    "the options must be an object: current value is of type String",
  );
  assertEquals(session.conversation.getSnapshot(), []);
});
