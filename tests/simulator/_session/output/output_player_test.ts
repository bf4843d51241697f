import { assertEquals, assertObjectMatch } from "@std/assert";
import type { ReplyPlan } from "../../../../src/simulator/model/reply_plan.ts";
import { called, scripted, spoken, written } from "../../_simulated_model.ts";
import { Client, type Frame, only, typesOf } from "../../_client.ts";

const TEXT = { type: "response.create", response: { output_modalities: ["text"] } };

async function play(plan: ReplyPlan, ms = 60_000): Promise<{ client: Client; frames: Frame[] }> {
  const client = await Client.open(scripted(plan));
  return { client, frames: await client.ask(TEXT, ms) };
}

/** The events of each output of a response, in short, with repeated ones listed once. */
function outputsOf(frames: readonly Frame[]): string[] {
  const steps = frames.filter((frame) => "output_index" in frame).map(({ output_index, type }) => {
    return `${output_index} ${type.replace("response.", "").replace("function_call_arguments.", "json.")}`;
  });
  return steps.filter((step, index) => step !== steps[index - 1]);
}

Deno.test("Parallel calls follow one another in one response, each with its own call_id", async () => {
  const { frames } = await play({ outputs: [called("f", {}), called("g", {})] });
  assertEquals(outputsOf(frames), [
    "0 output_item.added",
    "0 json.delta",
    "0 json.done",
    "0 output_item.done",
    "1 output_item.added",
    "1 json.delta",
    "1 json.done",
    "1 output_item.done",
  ]);
  const calls = frames.filter(({ type }) => type.endsWith("arguments.done"));
  assertEquals(calls.map(({ name }) => name), ["f", "g"]);
  assertEquals(new Set(calls.map(({ call_id }) => call_id)).size, 2);
});

Deno.test("Interleaved outputs are streamed concurrently, each done as soon as it is complete", async () => {
  const outputs = [written("One two three four."), called("f", { a: 1 }), called("g", {})];
  const { frames } = await play({ interleaved: true, outputs });
  assertEquals(
    outputsOf(frames),
    [
      "0 output_item.added",
      "0 content_part.added",
      "0 output_text.delta",
      "1 output_item.added",
      "0 output_text.delta",
      "1 json.delta",
      "2 output_item.added",
      "0 output_text.delta",
      "1 json.delta",
      "2 json.delta",
      "0 output_text.delta",
      "1 json.delta",
      "2 json.done",
      "2 output_item.done",
      "0 output_text.delta",
      "1 json.delta",
      "0 output_text.done",
      "0 content_part.done",
      "0 output_item.done",
      "1 json.delta",
      "1 json.done",
      "1 output_item.done",
    ].filter((step, index, all) => step !== all[index - 1]),
  );
  const { output } = only(frames, "response.done").response as { output: Frame[] };
  assertEquals(output.map(({ status, type }) => [type, status]), [
    ["message", "completed"],
    ["function_call", "completed"],
    ["function_call", "completed"],
  ]);
});

Deno.test("Interleaved outputs that are cut off are incomplete, finished ones are not", async () => {
  const outputs = [written("One two three four five six seven eight."), called("g", {})];
  const client = await Client.open(scripted({ interleaved: true, outputs }));
  client.onFrame = ({ type }) => {
    if (type === "response.function_call_arguments.done") client.send({ type: "response.cancel" });
  };
  const frames = await client.ask(TEXT, 60_000);
  const { output } = only(frames, "response.done").response as { output: Frame[] };
  assertEquals(output.map(({ status }) => status), ["incomplete", "completed"]);
});

Deno.test("Only the last of sequential outputs is incomplete when the response ends early", async () => {
  const outputs = [written("One.", "commentary"), written("Two.")];
  const { frames } = await play({ outputs, outcome: { status: "incomplete", reason: "content_filter" } });
  const response = only(frames, "response.done").response as { output: Frame[] };
  assertEquals(response.output.map(({ status }) => status), ["completed", "incomplete"]);
  assertObjectMatch(response, { status: "incomplete", status_details: { reason: "content_filter" } });
});

Deno.test("The interleaved output that ends last is incomplete when the response ends early", async () => {
  const outputs = [written("One two three four."), called("g", {})];
  const outcome = { status: "incomplete", reason: "content_filter" } as const;
  const { frames } = await play({ interleaved: true, outputs, outcome });
  const { output } = only(frames, "response.done").response as { output: Frame[] };
  assertEquals(output.map(({ status }) => status), ["incomplete", "completed"]);
});

Deno.test("Interleaved outputs are incomplete when the tokens run out", async () => {
  const outputs = [written("One two three four five six seven eight."), called("g", { a: "b".repeat(80) })];
  const client = await Client.open(scripted({ interleaved: true, outputs }));
  const response = { output_modalities: ["text"], max_output_tokens: 6 };
  const done = only(await client.ask({ type: "response.create", response }, 60_000), "response.done");
  const { output, status_details } = done.response as { output: Frame[]; status_details: Frame };
  assertEquals(output.map(({ status }) => status), ["incomplete", "incomplete"]);
  assertEquals(status_details.reason, "max_output_tokens");
});

Deno.test("An output starts after its delay", async () => {
  for (const interleaved of [false, true]) {
    const outputs = [written("One."), { ...written("Two."), delayMs: 5000 }];
    const client = await Client.open({ ...scripted({ outputs, interleaved, delayMs: 2000 }), pace: "fast" });
    assertEquals(typesOf(await client.ask(TEXT, 1999)), ["response.created"]);
    const first = await client.wait(5000);
    assertEquals(first.filter(({ type }) => type === "response.output_item.added").length, 1);
    assertEquals(typesOf(await client.wait(1)).includes("response.done"), true);
  }
});

Deno.test("A refused response is an error, and the conversation stays free", async () => {
  const refusal = { status: "refused", code: "rate_limit_exceeded", message: "Too many." } as const;
  const client = await Client.open(scripted({ outputs: [written("x")], outcome: refusal }, [written("Yes.")]));
  assertObjectMatch(only(await client.ask({ ...TEXT, event_id: "mine" }), "error"), {
    error: { type: "server_error", code: "rate_limit_exceeded", message: "Too many.", event_id: "mine" },
  });
  assertObjectMatch(only(await client.ask(TEXT, 1000), "response.done"), { response: { status: "completed" } });
});

Deno.test("Reasoning tokens are reported if the plan or the session has them, and count as text", async () => {
  const detailsOf = async (plan: ReplyPlan, response: Readonly<Record<string, unknown>> = {}) => {
    const url = `wss://simulator/v1/realtime?model=gpt-realtime${"reasoning" in response ? "-2" : ""}`;
    const client = await Client.open({ ...scripted(plan), url });
    const create = { type: "response.create", response: { output_modalities: ["text"], ...response } };
    const { usage } = only(await client.ask(create, 1000), "response.done").response as {
      usage: { output_tokens: number; output_token_details: unknown };
    };
    return [usage.output_tokens, usage.output_token_details];
  };
  const outputs = [written("Yes.")];
  assertEquals(await detailsOf({ outputs }), [1, { text_tokens: 1, audio_tokens: 0 }]);
  const told = [31, { text_tokens: 31, audio_tokens: 0, reasoning_tokens: 30 }];
  assertEquals(await detailsOf({ outputs, reasoningTokens: 30 }), told);
  const high = [257, { text_tokens: 257, audio_tokens: 0, reasoning_tokens: 256 }];
  assertEquals(await detailsOf({ outputs }, { reasoning: { effort: "high" } }), high);
  assertObjectMatch(
    only(
      await (await Client.open(scripted({ outputs, reasoningTokens: 30 }))).ask(
        { type: "response.create", response: { max_output_tokens: 30 } },
        1000,
      ),
      "response.done",
    ),
    { response: { status: "incomplete" } },
  );
});

Deno.test("Speech follows the session's speed", async () => {
  for (const [speed, ms] of [[0.25, 4000], [0.8, 1250], [1, 1000], [1.5, 667]] as const) {
    const client = await Client.open(scripted([spoken("One two three.", 1000)]));
    await client.ask({ type: "session.update", session: { type: "realtime", audio: { output: { speed } } } });
    const frames = await client.ask({ type: "response.create" }, 10_000);
    const deltas = frames.filter(({ type }) => type === "response.output_audio.delta");
    const bytes = deltas.reduce((sum, { delta }) => sum + atob(String(delta)).length, 0);
    assertEquals(Math.round(bytes / 48), ms, `speed ${speed}`);
    const { id } = only(frames, "response.output_item.done").item as { id: string };
    assertEquals(Math.round(client.simulator.sessions[0]?.audioMsOf(id) ?? 0), ms);
  }
});

Deno.test("The messages of later models have a phase, which is commentary before a call", async () => {
  const phases = async (model: string, outputs: ReplyPlan["outputs"]) => {
    const url = `wss://simulator/v1/realtime?model=${model}`;
    const client = await Client.open({ ...scripted(outputs), url });
    const frames = await client.ask(TEXT, 60_000);
    const { output } = only(frames, "response.done").response as { output: Frame[] };
    return { phases: output.map(({ phase }) => phase), order: outputsOf(frames) };
  };
  const outputs = [written("I will look."), called("f", {}), written("Done.")];
  const first = await phases("gpt-realtime", outputs);
  assertEquals(first.phases, [undefined, undefined, undefined]);
  const later = await phases("gpt-realtime-2.1", outputs);
  assertEquals(later.phases, ["commentary", undefined, "final_answer"]);
  assertEquals(later.order.indexOf("1 output_item.added") < later.order.indexOf("0 output_item.done"), true);
  assertEquals((await phases("gpt-realtime-2.1", [written("Yes.", "commentary")])).phases, ["commentary"]);
});

Deno.test("The audio of two interleaved messages is not mixed, and the first is done once the second is sent", async () => {
  const client = await Client.open({
    ...scripted({ interleaved: true, outputs: [spoken("One two three.", 2000), spoken("Four five six.", 2000)] }),
    pace: "fast",
  });
  const frames = await client.ask({ type: "response.create" }, 10_000);
  const steps = frames.filter(({ type }) => /^response\.output_audio\.(delta|done)$/.test(type));
  const order = steps.map(({ output_index, type }) => `${output_index} ${type.slice("response.output_audio.".length)}`)
    .filter((step, index, all) => step !== all[index - 1]);
  assertEquals(order, ["0 delta", "1 delta", "0 done", "1 delta", "1 done"]);
});
