import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { ReplyContext, SimulatedModel } from "../../../src/simulator/model/simulated_model.ts";
import type { Scenario, ScenarioResponse } from "../../../src/simulator/model/scenario.ts";
import { createScenarioModel } from "../../../src/simulator/model/scenario_model.ts";
import { call, contextOf, output, said, spoken, tool, typed } from "../_conversation.ts";

const NO_AUDIO = new Int16Array(0);

function saying(text: string): ScenarioResponse {
  return { outputs: [{ type: "message", text }] };
}

function calling(name: string): ScenarioResponse {
  return { outputs: [{ type: "function_call", name, arguments: {} }] };
}

/** One turn per list of responses. */
function modelOf(...turns: ScenarioResponse[][]): SimulatedModel {
  return createScenarioModel({ turns: turns.map((responses) => ({ responses })) });
}

/** The messages and calls of a plan, in short. */
function reply(
  model: SimulatedModel,
  items: Parameters<typeof contextOf>[0],
  more: Partial<ReplyContext> = {},
): string {
  const { outputs } = model.reply(contextOf(items, more));
  return outputs.map((each) => each.type === "message" ? each.text : `${each.name}(${each.arguments})`).join(" + ");
}

Deno.test("createScenarioModel() plays one turn per user turn", () => {
  const model = createScenarioModel({
    turns: [{ user: "Good morning", responses: [saying("one")] }, { user: "Good night", responses: [saying("two")] }],
  });
  assertEquals(model.hear(NO_AUDIO, "a"), { transcript: "Good morning" });
  assertEquals(reply(model, [spoken("a")]), "one");
  assertEquals(model.hear(NO_AUDIO, "b"), { transcript: "Good night" });
  assertEquals(reply(model, [spoken("a"), said("one"), spoken("b")]), "two");
});

Deno.test("createScenarioModel() answers the last of several utterances with that utterance's turn", () => {
  const model = modelOf([saying("one")], [saying("two")], [saying("three")]);
  model.hear(NO_AUDIO, "a");
  model.hear(NO_AUDIO, "b");
  assertEquals(reply(model, [spoken("a"), spoken("b")]), "two");
  assertEquals(reply(model, [spoken("a"), spoken("b"), typed("x"), typed("y")]), "three");
});

Deno.test("createScenarioModel() passes the plan on as written, with arguments as JSON", () => {
  const audio = Int16Array.of(4, 5);
  const scenario: Scenario = {
    turns: [{
      responses: [{
        outputs: [
          { type: "message", text: "One moment", phase: "commentary", audio },
          { type: "function_call", name: "f", arguments: { city: "Paris" } },
          { type: "function_call", name: "g", arguments: "{broken" },
          { type: "mcp_call", server_label: "docs", name: "find", arguments: { q: 1 }, output: "Yes", durationMs: 3 },
        ],
        delayMs: 40,
        interleaved: true,
        reasoningTokens: 7,
        outcome: { status: "incomplete", reason: "content_filter" },
      }],
    }],
  };
  assertEquals(createScenarioModel(scenario).reply(contextOf([typed("Hi")])), {
    outputs: [
      { type: "message", text: "One moment", phase: "commentary", audio },
      { type: "function_call", name: "f", arguments: '{"city":"Paris"}' },
      { type: "function_call", name: "g", arguments: "{broken" },
      { type: "mcp_call", server_label: "docs", name: "find", arguments: '{"q":1}', output: "Yes", durationMs: 3 },
    ],
    delayMs: 40,
    interleaved: true,
    reasoningTokens: 7,
    outcome: { status: "incomplete", reason: "content_filter" },
  });
});

Deno.test("createScenarioModel() answers function outputs with the next responses of the turn", () => {
  const model = modelOf([calling("f"), calling("g"), saying("done")], [saying("next")]);
  const items = [typed("Hi", "u"), call("f", "c1")];
  assertEquals(reply(model, [typed("Hi", "u")]), "f({})");
  items.push(output("1", "c1"), output("also", "c0"));
  assertEquals(reply(model, items), "g({})");
  items.push(call("g", "c2"), output("2", "c2"));
  assertEquals(reply(model, items), "done");
  assertEquals(reply(model, [...items, said("done"), typed("And now?")]), "next");
});

Deno.test("createScenarioModel() repeats the last response when there is nothing new to answer", () => {
  const model = modelOf([calling("f"), saying("done")], [saying("next")]);
  const items = [typed("Hi"), call("f"), output("1")];
  assertEquals(reply(model, items.slice(0, 1)), "f({})");
  assertEquals(reply(model, items.slice(0, 2)), "f({})");
  assertEquals(reply(model, items), "done");
  assertEquals(reply(model, [...items, said("done")]), "done");
});

Deno.test("createScenarioModel() gives the next response during a function call if tool_choice is none", () => {
  const model = modelOf([calling("f"), saying("one moment"), saying("done")]);
  const items = [typed("Hi"), call("f")];
  assertEquals(reply(model, items.slice(0, 1)), "f({})");
  assertEquals(reply(model, items, { toolChoice: "none" }), "one moment");
  assertEquals(reply(model, items, { toolChoice: "none" }), "one moment");
  assertEquals(reply(model, [...items, output("1")]), "done");
});

Deno.test("createScenarioModel() answers the user before a late function output, and the output with its own turn", () => {
  const model = modelOf([calling("f"), saying("first turn")], [saying("second turn"), saying("wrong")]);
  model.hear(NO_AUDIO, "a");
  assertEquals(reply(model, [spoken("a")]), "f({})");
  model.hear(NO_AUDIO, "b");
  const items = [spoken("a"), call("f"), spoken("b")];
  assertEquals(reply(model, items), "second turn");
  assertEquals(reply(model, [...items, said("second turn"), output("1")]), "first turn");

  const other = modelOf([calling("f"), saying("wrong")], [saying("second turn")]);
  other.hear(NO_AUDIO, "a");
  reply(other, [spoken("a")]);
  other.hear(NO_AUDIO, "b");
  assertEquals(reply(other, [...items, output("1")]), "second turn");
});

Deno.test("createScenarioModel() reserves a turn for the typed message that matches it", () => {
  const model = createScenarioModel({ turns: [{ match: "Weather", responses: [saying("sunny")] }] });
  assertEquals(reply(model, [typed("Hello", "a")]), "You said: Hello.");
  assertEquals(reply(model, [typed("Hello", "a")]), "You said: Hello.");
  assertEquals(reply(model, [typed("Hello", "a"), typed("the weather?", "b")]), "sunny");
});

Deno.test("createScenarioModel() gives the opening until the user speaks", () => {
  const model = createScenarioModel({ opening: saying("Welcome"), turns: [{ responses: [saying("one")] }] });
  assertEquals(reply(model, []), "Welcome");
  assertEquals(reply(model, [said("Welcome")]), "Welcome");
  assertEquals(reply(model, [said("Welcome"), typed("Hi")]), "one");
  assertStringIncludes(reply(modelOf([saying("one")]), []), "Hello!");
});

Deno.test("createScenarioModel() leaves out-of-band responses to the echo model, and uses no turn for them", () => {
  const model = modelOf([saying("one")]);
  assertEquals(reply(model, [typed("Hi", "a")], { outOfBand: true }), "You said: Hi.");
  assertEquals(reply(model, [typed("Hi", "a")]), "one");
});

Deno.test("createScenarioModel() falls back to the echo model when turns or responses run out", () => {
  const model = createScenarioModel({ turns: [{ user: "How is the weather in Oslo?", responses: [] }] });
  const tools = [tool("get_weather", { city: { type: "string" } })];
  const audioOf = () => Int16Array.of(1);
  assertEquals(model.hear(NO_AUDIO, "a"), { transcript: "How is the weather in Oslo?" });
  assertEquals(reply(model, [spoken("a")], { tools, audioOf }), 'get_weather({"city":"Oslo"})');
  assertEquals(model.hear(new Int16Array(48_000), "b"), "Some speech, 2.0s");
  assertEquals(reply(model, [spoken("a"), spoken("b")], { tools, audioOf }), "Some speech, 0.0s");
});

Deno.test("createScenarioModel() keeps two sessions separate", () => {
  const scenario: Scenario = { turns: [{ responses: [saying("one")] }, { responses: [saying("two")] }] };
  const [first, second] = [createScenarioModel(scenario), createScenarioModel(scenario)];
  assertEquals(reply(first, [typed("Hi")]), "one");
  assertEquals(reply(second, [typed("Hi")]), "one");
});

Deno.test("createScenarioModel() rejects recordings that have not been loaded", () => {
  const scenario: Scenario = {
    turns: [{ responses: [{ outputs: [{ type: "message", text: "Hi", audio: "hi.wav" }] }] }],
  };
  assertThrows(() => createScenarioModel(scenario), TypeError, '"hi.wav" is a path: it must have been loaded');
});

Deno.test("createScenarioModel() answers the result of an MCP call, but not one that awaits approval", () => {
  const model = modelOf([calling("f"), saying("done")], [saying("next")]);
  const asked = {
    id: "m",
    type: "mcp_call",
    server_label: "docs",
    name: "find",
    arguments: "{}",
    output: null,
  } as const;
  assertEquals(reply(model, [typed("Hi", "u")]), "f({})");
  assertEquals(reply(model, [typed("Hi", "u"), asked]), "f({})");
  assertEquals(reply(model, [typed("Hi", "u"), { ...asked, output: "Yes" }]), "done");
  const error = { type: "http_error", code: 500, message: "Down" } as const;
  const failed = modelOf([calling("f"), saying("what a pity")]);
  reply(failed, [typed("Hi", "u")]);
  assertEquals(reply(failed, [typed("Hi", "u"), { ...asked, error }]), "what a pity");
});

Deno.test("createScenarioModel() answers a late MCP result with the turn that made the call", () => {
  const model = modelOf([calling("f"), saying("first turn")], [saying("second turn"), saying("wrong")]);
  model.hear(NO_AUDIO, "a");
  reply(model, [spoken("a")]);
  model.hear(NO_AUDIO, "b");
  const called = { id: "m", type: "mcp_call", server_label: "docs", name: "find", arguments: "{}" } as const;
  assertEquals(reply(model, [spoken("a"), called, spoken("b")]), "second turn");
  // The answer is put into the item of the call, in the middle of the conversation.
  const items = [spoken("a"), { ...called, output: "Yes" }, spoken("b"), said("second turn")];
  assertEquals([reply(model, items), reply(model, items)], ["first turn", "first turn"]);
});

Deno.test("createScenarioModel() continues the turn when the client retries after a failure", () => {
  for (const status of ["failed", "refused"] as const) {
    const broken = { outputs: [], outcome: { status, code: "server_error", message: "Sorry" } } as const;
    const model = modelOf([broken, broken, saying("at last")], [saying("wrong")]);
    const plan = () => model.reply(contextOf([typed("Hi", "u")]));
    assertEquals([plan().outcome?.status, plan().outcome?.status], [status, status]);
    assertEquals([reply(model, [typed("Hi", "u")]), reply(model, [typed("Hi", "u")])], ["at last", "at last"]);
  }
});

Deno.test("createScenarioModel() gives the idle response on silence, without using a turn", () => {
  const model = createScenarioModel({ idle: saying("Hello?"), turns: [{ responses: [saying("one")] }] });
  assertEquals(reply(model, [spoken("silence")], { idle: true }), "Hello?");
  assertEquals(reply(model, [spoken("silence"), said("Hello?")]), "Hello?");
  assertEquals(reply(model, [spoken("silence"), said("Hello?"), spoken("more")], { idle: true }), "Hello?");
  assertEquals(reply(model, [spoken("silence"), spoken("more"), typed("Yes", "u")]), "one");
  assertEquals(reply(modelOf([saying("one")]), [spoken("silence")], { idle: true }), "Are you still there?");
});

Deno.test("createScenarioModel() uses no turn for a function output that arrives after a silence", () => {
  const model = modelOf([calling("f"), saying("first turn")], [saying("second turn")]);
  const items = [typed("Hi", "u"), call("f"), spoken("silence")];
  reply(model, items.slice(0, 1));
  reply(model, items, { idle: true });
  assertEquals(reply(model, [...items, output("1")]), "first turn");
  assertEquals(reply(model, [...items, output("1"), typed("And now?", "v")]), "second turn");
});

Deno.test("createScenarioModel() gives its asides out-of-band, one after the other", () => {
  const model = createScenarioModel({
    outOfBand: [saying("aside"), saying("b")],
    turns: [{ responses: [saying("one")] }],
  });
  const aside = () => reply(model, [typed("Hi", "u")], { outOfBand: true });
  assertEquals([aside(), aside(), aside()], ["aside", "b", "You said: Hi."]);
  assertEquals(reply(model, [typed("Hi", "u")]), "one");
});

Deno.test("createScenarioModel() sets the transcription of a turn", () => {
  const failure = { code: "audio_unintelligible", message: "It could not be understood." };
  const model = createScenarioModel({
    turns: [{ user: "Guten Tag", transcription: { delayMs: 900, language: "de", failure }, responses: [] }],
  });
  assertEquals(model.hear(NO_AUDIO, "a"), { transcript: "Guten Tag", delayMs: 900, language: "de", failure });
});

Deno.test("createScenarioModel() lists the tools of configured servers, and invents those of others", () => {
  const listing = { tools: [{ name: "find", input_schema: {} }], delayMs: 5 };
  const model = createScenarioModel({ mcp: { docs: listing }, turns: [] });
  const toolsOf = (server_label: string, allowed_tools?: string[] | { tool_names: string[] }) =>
    model.listTools?.({ type: "mcp", server_label, allowed_tools }).tools.map(({ name }) => name);
  assertEquals(model.listTools?.({ type: "mcp", server_label: "docs" }), listing);
  assertEquals(toolsOf("wiki"), ["search"]);
  assertEquals(toolsOf("wiki", ["read", "write"]), ["read", "write"]);
  assertEquals(toolsOf("wiki", { tool_names: ["read"] }), ["read"]);
});

Deno.test("createScenarioModel() translates what it heard last, or repeats it", () => {
  const audio = Int16Array.of(1);
  const translation = { text: "Good day", audio };
  const model = createScenarioModel({ turns: [{ translation, responses: [] }, { responses: [] }] });
  const translate = (text: string) => model.translate?.({ text, audio: NO_AUDIO, language: "en" });
  model.hear(NO_AUDIO, "a");
  assertEquals(translate("Guten Tag"), translation);
  model.hear(NO_AUDIO, "b");
  assertEquals(translate("Auf Wiedersehen"), { text: "Auf Wiedersehen", audio: NO_AUDIO });
  model.hear(NO_AUDIO, "c");
  assertEquals(translate("Ja"), { text: "Ja", audio: NO_AUDIO });
});

Deno.test("createScenarioModel() rejects a translation that has not been loaded", () => {
  const scenario: Scenario = { turns: [{ translation: { text: "Hi", audio: "hi.wav" }, responses: [] }] };
  assertThrows(() => createScenarioModel(scenario), TypeError, '"hi.wav" is a path: it must have been loaded');
});
