import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Brain, ReplyContext } from "../../src/simulator/brain.ts";
import type { Scenario, ScenarioResponse } from "../../src/simulator/scenario.ts";
import { createScenarioBrain } from "../../src/simulator/scenario_brain.ts";
import { call, contextOf, output, said, spoken, tool, typed } from "./_conversation.ts";

const NO_AUDIO = new Int16Array(0);

function saying(text: string): ScenarioResponse {
  return { outputs: [{ type: "message", text }] };
}

function calling(name: string): ScenarioResponse {
  return { outputs: [{ type: "function_call", name, arguments: {} }] };
}

/** A turn for each list of responses. */
function brainOf(...turns: ScenarioResponse[][]): Brain {
  return createScenarioBrain({ turns: turns.map((responses) => ({ responses })) });
}

/** What is said or called, in short. */
function reply(brain: Brain, items: Parameters<typeof contextOf>[0], more: Partial<ReplyContext> = {}): string {
  const { outputs } = brain.reply(contextOf(items, more));
  return outputs.map((each) => each.type === "message" ? each.text : `${each.name}(${each.arguments})`).join(" + ");
}

Deno.test("createScenarioBrain() plays a turn for each time that the user speaks", () => {
  const brain = createScenarioBrain({
    turns: [{ user: "Good morning", responses: [saying("one")] }, { user: "Good night", responses: [saying("two")] }],
  });
  assertEquals(brain.hear(NO_AUDIO, "a"), { transcript: "Good morning" });
  assertEquals(reply(brain, [spoken("a")]), "one");
  assertEquals(brain.hear(NO_AUDIO, "b"), { transcript: "Good night" });
  assertEquals(reply(brain, [spoken("a"), said("one"), spoken("b")]), "two");
});

Deno.test("createScenarioBrain() answers the last of several utterances with its own turn", () => {
  const brain = brainOf([saying("one")], [saying("two")], [saying("three")]);
  brain.hear(NO_AUDIO, "a");
  brain.hear(NO_AUDIO, "b");
  assertEquals(reply(brain, [spoken("a"), spoken("b")]), "two");
  assertEquals(reply(brain, [spoken("a"), spoken("b"), typed("x"), typed("y")]), "three");
});

Deno.test("createScenarioBrain() hands on the plan as it was written", () => {
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
  assertEquals(createScenarioBrain(scenario).reply(contextOf([typed("Hi")])), {
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

Deno.test("createScenarioBrain() answers function outputs with the following responses of the turn", () => {
  const brain = brainOf([calling("f"), calling("g"), saying("done")], [saying("next")]);
  const items = [typed("Hi", "u"), call("f", "c1")];
  assertEquals(reply(brain, [typed("Hi", "u")]), "f({})");
  items.push(output("1", "c1"), output("also", "c0"));
  assertEquals(reply(brain, items), "g({})");
  items.push(call("g", "c2"), output("2", "c2"));
  assertEquals(reply(brain, items), "done");
  assertEquals(reply(brain, [...items, said("done"), typed("And now?")]), "next");
});

Deno.test("createScenarioBrain() says the last response again when there is nothing new to answer", () => {
  const brain = brainOf([calling("f"), saying("done")], [saying("next")]);
  const items = [typed("Hi"), call("f"), output("1")];
  assertEquals(reply(brain, items.slice(0, 1)), "f({})");
  assertEquals(reply(brain, items.slice(0, 2)), "f({})");
  assertEquals(reply(brain, items), "done");
  assertEquals(reply(brain, [...items, said("done")]), "done");
});

Deno.test("createScenarioBrain() says the next response while a function runs that may not be called again", () => {
  const brain = brainOf([calling("f"), saying("one moment"), saying("done")]);
  const items = [typed("Hi"), call("f")];
  assertEquals(reply(brain, items.slice(0, 1)), "f({})");
  assertEquals(reply(brain, items, { toolChoice: "none" }), "one moment");
  assertEquals(reply(brain, items, { toolChoice: "none" }), "one moment");
  assertEquals(reply(brain, [...items, output("1")]), "done");
});

Deno.test("createScenarioBrain() answers the user before a late function output, and that with its own turn", () => {
  const brain = brainOf([calling("f"), saying("first turn")], [saying("second turn"), saying("wrong")]);
  brain.hear(NO_AUDIO, "a");
  assertEquals(reply(brain, [spoken("a")]), "f({})");
  brain.hear(NO_AUDIO, "b");
  const items = [spoken("a"), call("f"), spoken("b")];
  assertEquals(reply(brain, items), "second turn");
  assertEquals(reply(brain, [...items, said("second turn"), output("1")]), "first turn");

  const other = brainOf([calling("f"), saying("wrong")], [saying("second turn")]);
  other.hear(NO_AUDIO, "a");
  reply(other, [spoken("a")]);
  other.hear(NO_AUDIO, "b");
  assertEquals(reply(other, [...items, output("1")]), "second turn");
});

Deno.test("createScenarioBrain() lets a turn wait for the typed message that matches", () => {
  const brain = createScenarioBrain({ turns: [{ match: "Weather", responses: [saying("sunny")] }] });
  assertEquals(reply(brain, [typed("Hello", "a")]), "You said: Hello.");
  assertEquals(reply(brain, [typed("Hello", "a")]), "You said: Hello.");
  assertEquals(reply(brain, [typed("Hello", "a"), typed("the weather?", "b")]), "sunny");
});

Deno.test("createScenarioBrain() says the opening until the user speaks", () => {
  const brain = createScenarioBrain({ opening: saying("Welcome"), turns: [{ responses: [saying("one")] }] });
  assertEquals(reply(brain, []), "Welcome");
  assertEquals(reply(brain, [said("Welcome")]), "Welcome");
  assertEquals(reply(brain, [said("Welcome"), typed("Hi")]), "one");
  assertStringIncludes(reply(brainOf([saying("one")]), []), "Hello!");
});

Deno.test("createScenarioBrain() leaves out-of-band responses to the persona, and takes no turn for them", () => {
  const brain = brainOf([saying("one")]);
  assertEquals(reply(brain, [typed("Hi", "a")], { outOfBand: true }), "You said: Hi.");
  assertEquals(reply(brain, [typed("Hi", "a")]), "one");
});

Deno.test("createScenarioBrain() answers as the persona when the turns or their responses have run out", () => {
  const brain = createScenarioBrain({ turns: [{ user: "How is the weather in Oslo?", responses: [] }] });
  const tools = [tool("get_weather", { city: { type: "string" } })];
  const audioOf = () => Int16Array.of(1);
  assertEquals(brain.hear(NO_AUDIO, "a"), { transcript: "How is the weather in Oslo?" });
  assertEquals(reply(brain, [spoken("a")], { tools, audioOf }), 'get_weather({"city":"Oslo"})');
  assertEquals(brain.hear(new Int16Array(48_000), "b"), "Some speech, 2.0s");
  assertEquals(reply(brain, [spoken("a"), spoken("b")], { tools, audioOf }), "Some speech, 0.0s");
});

Deno.test("createScenarioBrain() keeps two sessions apart", () => {
  const scenario: Scenario = { turns: [{ responses: [saying("one")] }, { responses: [saying("two")] }] };
  const [first, second] = [createScenarioBrain(scenario), createScenarioBrain(scenario)];
  assertEquals(reply(first, [typed("Hi")]), "one");
  assertEquals(reply(second, [typed("Hi")]), "one");
});

Deno.test("createScenarioBrain() refuses recordings that have not been loaded", () => {
  const scenario: Scenario = {
    turns: [{ responses: [{ outputs: [{ type: "message", text: "Hi", audio: "hi.wav" }] }] }],
  };
  assertThrows(() => createScenarioBrain(scenario), TypeError, '"hi.wav" is a path: it must have been loaded');
});

Deno.test("createScenarioBrain() answers what an MCP server has answered, but not a call that waits for it", () => {
  const brain = brainOf([calling("f"), saying("done")], [saying("next")]);
  const asked = {
    id: "m",
    type: "mcp_call",
    server_label: "docs",
    name: "find",
    arguments: "{}",
    output: null,
  } as const;
  assertEquals(reply(brain, [typed("Hi", "u")]), "f({})");
  assertEquals(reply(brain, [typed("Hi", "u"), asked]), "f({})");
  assertEquals(reply(brain, [typed("Hi", "u"), { ...asked, output: "Yes" }]), "done");
  const error = { type: "http_error", code: 500, message: "Down" } as const;
  const failed = brainOf([calling("f"), saying("what a pity")]);
  reply(failed, [typed("Hi", "u")]);
  assertEquals(reply(failed, [typed("Hi", "u"), { ...asked, error }]), "what a pity");
});

Deno.test("createScenarioBrain() answers a late answer of an MCP server with the turn that made the call", () => {
  const brain = brainOf([calling("f"), saying("first turn")], [saying("second turn"), saying("wrong")]);
  brain.hear(NO_AUDIO, "a");
  reply(brain, [spoken("a")]);
  brain.hear(NO_AUDIO, "b");
  const called = { id: "m", type: "mcp_call", server_label: "docs", name: "find", arguments: "{}" } as const;
  assertEquals(reply(brain, [spoken("a"), called, spoken("b")]), "second turn");
  // The answer is put into the item of the call, in the midst of the conversation.
  const items = [spoken("a"), { ...called, output: "Yes" }, spoken("b"), said("second turn")];
  assertEquals([reply(brain, items), reply(brain, items)], ["first turn", "first turn"]);
});

Deno.test("createScenarioBrain() goes on in the turn when the client asks again after a failure", () => {
  for (const status of ["failed", "refused"] as const) {
    const broken = { outputs: [], outcome: { status, code: "server_error", message: "Sorry" } } as const;
    const brain = brainOf([broken, broken, saying("at last")], [saying("wrong")]);
    const plan = () => brain.reply(contextOf([typed("Hi", "u")]));
    assertEquals([plan().outcome?.status, plan().outcome?.status], [status, status]);
    assertEquals([reply(brain, [typed("Hi", "u")]), reply(brain, [typed("Hi", "u")])], ["at last", "at last"]);
  }
});

Deno.test("createScenarioBrain() says the idle when nobody speaks, which takes no turn", () => {
  const brain = createScenarioBrain({ idle: saying("Hello?"), turns: [{ responses: [saying("one")] }] });
  assertEquals(reply(brain, [spoken("silence")], { idle: true }), "Hello?");
  assertEquals(reply(brain, [spoken("silence"), said("Hello?")]), "Hello?");
  assertEquals(reply(brain, [spoken("silence"), said("Hello?"), spoken("more")], { idle: true }), "Hello?");
  assertEquals(reply(brain, [spoken("silence"), spoken("more"), typed("Yes", "u")]), "one");
  assertEquals(reply(brainOf([saying("one")]), [spoken("silence")], { idle: true }), "Are you still there?");
});

Deno.test("createScenarioBrain() takes no turn for a function output that comes after a silence", () => {
  const brain = brainOf([calling("f"), saying("first turn")], [saying("second turn")]);
  const items = [typed("Hi", "u"), call("f"), spoken("silence")];
  reply(brain, items.slice(0, 1));
  reply(brain, items, { idle: true });
  assertEquals(reply(brain, [...items, output("1")]), "first turn");
  assertEquals(reply(brain, [...items, output("1"), typed("And now?", "v")]), "second turn");
});

Deno.test("createScenarioBrain() says its asides outside the conversation, one after the other", () => {
  const brain = createScenarioBrain({
    outOfBand: [saying("aside"), saying("b")],
    turns: [{ responses: [saying("one")] }],
  });
  const aside = () => reply(brain, [typed("Hi", "u")], { outOfBand: true });
  assertEquals([aside(), aside(), aside()], ["aside", "b", "You said: Hi."]);
  assertEquals(reply(brain, [typed("Hi", "u")]), "one");
});

Deno.test("createScenarioBrain() tells how what is heard is to be written down", () => {
  const failure = { code: "audio_unintelligible", message: "It could not be understood." };
  const brain = createScenarioBrain({
    turns: [{ user: "Guten Tag", transcription: { delayMs: 900, language: "de", failure }, responses: [] }],
  });
  assertEquals(brain.hear(NO_AUDIO, "a"), { transcript: "Guten Tag", delayMs: 900, language: "de", failure });
});

Deno.test("createScenarioBrain() lists the tools of the servers that it knows, and makes up those of others", () => {
  const listing = { tools: [{ name: "find", input_schema: {} }], delayMs: 5 };
  const brain = createScenarioBrain({ mcp: { docs: listing }, turns: [] });
  const toolsOf = (server_label: string, allowed_tools?: string[] | { tool_names: string[] }) =>
    brain.listTools?.({ type: "mcp", server_label, allowed_tools }).tools.map(({ name }) => name);
  assertEquals(brain.listTools?.({ type: "mcp", server_label: "docs" }), listing);
  assertEquals(toolsOf("wiki"), ["search"]);
  assertEquals(toolsOf("wiki", ["read", "write"]), ["read", "write"]);
  assertEquals(toolsOf("wiki", { tool_names: ["read"] }), ["read"]);
});

Deno.test("createScenarioBrain() translates what it heard last, or says it back", () => {
  const audio = Int16Array.of(1);
  const translation = { text: "Good day", audio };
  const brain = createScenarioBrain({ turns: [{ translation, responses: [] }, { responses: [] }] });
  const translate = (text: string) => brain.translate?.({ text, audio: NO_AUDIO, language: "en" });
  brain.hear(NO_AUDIO, "a");
  assertEquals(translate("Guten Tag"), translation);
  brain.hear(NO_AUDIO, "b");
  assertEquals(translate("Auf Wiedersehen"), { text: "Auf Wiedersehen", audio: NO_AUDIO });
  brain.hear(NO_AUDIO, "c");
  assertEquals(translate("Ja"), { text: "Ja", audio: NO_AUDIO });
});

Deno.test("createScenarioBrain() refuses a translation that has not been loaded", () => {
  const scenario: Scenario = { turns: [{ translation: { text: "Hi", audio: "hi.wav" }, responses: [] }] };
  assertThrows(() => createScenarioBrain(scenario), TypeError, '"hi.wav" is a path: it must have been loaded');
});
