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
  assertEquals(brain.hear(NO_AUDIO, "a"), "Good morning");
  assertEquals(reply(brain, [spoken("a")]), "one");
  assertEquals(brain.hear(NO_AUDIO, "b"), "Good night");
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
        ],
        delayMs: 40,
        outcome: { status: "incomplete", reason: "content_filter" },
      }],
    }],
  };
  assertEquals(createScenarioBrain(scenario).reply(contextOf([typed("Hi")])), {
    outputs: [
      { type: "message", text: "One moment", phase: "commentary", audio },
      { type: "function_call", name: "f", arguments: '{"city":"Paris"}' },
      { type: "function_call", name: "g", arguments: "{broken" },
    ],
    delayMs: 40,
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
  assertEquals(brain.hear(NO_AUDIO, "a"), "How is the weather in Oslo?");
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
