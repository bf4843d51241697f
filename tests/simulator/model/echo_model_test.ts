import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ReplyContext } from "../../../src/simulator/model/simulated_model.ts";
import { createEchoModel } from "../../../src/simulator/model/echo_model.ts";
import { speechDurationMs } from "../../../src/simulator/speech.ts";
import { call, callsOf, contextOf, messageOf, output, said, spoken, told, tool, typed } from "../_conversation.ts";

const WEATHER = tool("get_weather", { city: { type: "string" } });
const SUM = tool("sum", { a: { type: "number" }, b: { type: "number" } });

function reply(items: Parameters<typeof contextOf>[0], more: Partial<ReplyContext> = {}) {
  return createEchoModel().reply(contextOf(items, more));
}

/** The calls after the user writes a text. */
function callsFor(text: string, more: Partial<ReplyContext> = {}): string[] {
  return callsOf(reply([typed(text)], { tools: [WEATHER, SUM], ...more }));
}

/** Length of the spoken answer to a text, in seconds. */
function secondsFor(text: string, instructions = ""): number {
  return speechDurationMs(messageOf(reply([typed(text)], { instructions })).text) / 1000;
}

Deno.test("createEchoModel() repeats audio unchanged, with a transcript", () => {
  const audio = Int16Array.of(1, 2, 3);
  const model = createEchoModel();
  const transcript = model.hear(new Int16Array(60_000), "item_a");
  assertEquals(transcript, "Some speech, 2.5s");
  const context = contextOf([typed("Hi"), said("Hello"), spoken("item_a")], {
    audioOf: (id) => id === "item_a" ? audio : undefined,
  });
  assertEquals(messageOf(model.reply(context)), { type: "message", text: "Some speech, 0.0s", audio });
  const known = contextOf([spoken("item_a", "Hello there")], { audioOf: () => audio });
  assertEquals(messageOf(model.reply(known)), { type: "message", text: "Hello there", audio });
});

Deno.test("createEchoModel() answers audio with text if text is requested", () => {
  const plan = reply([spoken("item_a", "Hello there")], { modality: "text", audioOf: () => new Int16Array(9) });
  assertEquals(messageOf(plan), { type: "message", text: "You said: Hello there." });
});

Deno.test("createEchoModel() answers the user's last text", () => {
  assertEquals(messageOf(reply([typed("One"), said("Two"), typed("Is it three?")])).text, "You said: Is it three?");
  assertEquals(messageOf(reply([typed("One"), said("Two")])).text, "You said: One.");
  assert(messageOf(reply([typed("word ".repeat(1000))])).text.length < 400);
});

Deno.test("createEchoModel() speaks for at least 20 seconds when a long answer is requested", () => {
  const requests = [
    "Tell me a long story",
    "Tell me a story about a lighthouse.",
    "Please count to 100",
    "Explain how tides work",
    "Give me a detailed answer",
    "Talk at length about trains",
    "Write two paragraphs about dogs",
    "Speak for at least twenty seconds",
    "I want an essay on salt",
    "Tell me a long story about a short king",
  ];
  for (const text of requests) {
    const seconds = secondsFor(text);
    assert(seconds >= 20 && seconds < 30, `${text}: ${seconds} s`);
  }
  const seconds = secondsFor("Please talk for 45 seconds");
  assert(seconds >= 45 && seconds < 55, `${seconds} s`);
  assert(secondsFor("Talk for 10 minutes") < 130);
});

Deno.test("createEchoModel() does not treat an ordinary text as a request for a long answer", () => {
  const requests = [
    "Hello",
    "How long is the Nile?",
    "A short story, please",
    "In one sentence, explain tides",
    "Please do not give a long answer",
    "It was a long time ago",
    "Wait 5 seconds",
  ];
  for (const text of requests) assert(secondsFor(text) < 10, text);
});

Deno.test("createEchoModel() speaks for long when the instructions request it", () => {
  assert(secondsFor("Hello", "Always give a very long answer.") >= 20);
  assert(secondsFor("Hello", "Speak for 30 seconds.") >= 30);
  assert(secondsFor("Hello", "Never give long answers. Explain yourself if you are asked after 20 seconds.") < 10);
  assert(secondsFor("Hello", "You are a helpful, witty, and friendly AI. Talk quickly.") < 10);
  assert(messageOf(reply([], { instructions: "Count from 1 to 50." })).text.length > 250);
});

Deno.test("createEchoModel() calls a function named in the text, in any spelling", () => {
  const paris = ['get_weather {"city":"Paris"}'];
  assertEquals(callsFor("Call get_weather for Paris"), paris);
  assertEquals(callsFor("Get the weather in Paris, please"), paris);
  assertEquals(callsFor("Use GetWeather with Paris"), paris);
  assertEquals(callsFor("Ask the weather tool about Paris"), paris);
  assertEquals(callsFor("How is the weather in Paris?"), paris);
  assertEquals(callsFor("What is the sum of 2 and 3?"), ['sum {"a":2,"b":3}']);
});

Deno.test("createEchoModel() calls several functions in the order of the text, or one if only one is allowed", () => {
  const text = "Call sum with 2 and 3, then get_weather for Oslo";
  assertEquals(callsFor(text), ['sum {"a":2,"b":3}', 'get_weather {"city":"Oslo"}']);
  assertEquals(callsFor(text, { parallelToolCalls: false }), ['sum {"a":2,"b":3}']);
});

Deno.test("createEchoModel() calls no function that the text does not name", () => {
  assertEquals(callsFor("Hello there"), []);
  assertEquals(callsFor("Summer is here"), []);
  assertEquals(callsFor("Don't use get_weather for Paris"), []);
  assertEquals(callsFor("Without any tools, how is the weather?"), []);
  assertEquals(callsFor("Tell me a long story about the weather"), []);
  assertEquals(callsFor("Call get_weather for Paris", { toolChoice: "none" }), []);
  assertEquals(callsFor("Call get_weather for Paris", { tools: [] }), []);
});

Deno.test("createEchoModel() calls the function that a heard transcript names", () => {
  const plan = reply([spoken("item_a", "What is the weather in Oslo?")], {
    tools: [WEATHER],
    audioOf: () => new Int16Array(9),
  });
  assertEquals(callsOf(plan), ['get_weather {"city":"Oslo"}']);
});

Deno.test("createEchoModel() calls a function when tool_choice requires it", () => {
  assertEquals(callsFor("Hello there", { toolChoice: "required" }), ['get_weather {"city":"example"}']);
  assertEquals(callsFor("sum 4 and 5", { toolChoice: "required" }), ['sum {"a":4,"b":5}']);
  const choice = { type: "function", name: "sum" } as const;
  assertEquals(callsFor("Call get_weather with 6 and 7", { toolChoice: choice }), ['sum {"a":6,"b":7}']);
  assertEquals(callsFor("Hello", { toolChoice: { type: "function", name: "unknown" } }), []);
  assertEquals(callsOf(reply([], { tools: [SUM], toolChoice: "required" })), ['sum {"a":1,"b":1}']);
});

Deno.test("createEchoModel() answers a function's output with a message that repeats it", () => {
  const plan = reply([typed("Call get_weather"), call("get_weather"), output('{"sky":"clear"}')], { tools: [WEATHER] });
  assertEquals(messageOf(plan).text, 'get_weather answered: {"sky":"clear"}.');
  const two = [typed("Call both"), call("a", "c1"), call("b", "c2"), output("one", "c1"), output("", "c2")];
  assertEquals(messageOf(reply(two)).text, "a answered: one. b answered nothing.");
  assertStringIncludes(messageOf(reply([output("alone")])).text, "alone");
});

Deno.test("createEchoModel() does not treat a duration in a function's arguments as a requested length", () => {
  const tools = [tool("set_timer", { minutes: { type: "number" } })];
  const items = [typed("Set a timer for 20 minutes")];
  assertEquals(callsOf(reply(items, { tools })), ['set_timer {"minutes":20}']);
  const answer = messageOf(reply([...items, call("set_timer"), output("done")], { tools }));
  assertEquals(answer.text, "set_timer answered: done.");
  const story = [typed("Call set_timer, then tell me a long story"), call("set_timer"), output("done")];
  assert(messageOf(reply(story)).text.length > 250);
});

Deno.test("createEchoModel() does not repeat a call after its output unless that response requires it", () => {
  const items = [typed("Call get_weather for Paris"), call("get_weather"), output("sunny")];
  const choices = ["required", { type: "function", name: "get_weather" }] as const;
  for (const toolChoice of choices) {
    assertStringIncludes(messageOf(reply(items, { tools: [WEATHER], toolChoice })).text, "sunny");
    const own = reply(items, { tools: [WEATHER], toolChoice, ownToolChoice: true });
    assertEquals(callsOf(own), ['get_weather {"city":"Paris"}']);
    const next = reply([...items, typed("Now for Oslo")], { tools: [WEATHER], toolChoice });
    assertEquals(callsOf(next), ['get_weather {"city":"Oslo"}']);
  }
});

Deno.test("createEchoModel() comments on images, system messages and an empty conversation", () => {
  const image = { type: "input_image", image_url: "data:image/png;base64,AA==" } as const;
  const seen = {
    type: "message",
    role: "user",
    content: [image, { type: "input_text", text: "What is it?" }],
  } as const;
  assertEquals(messageOf(reply([seen])).text, "You said: What is it? I see an image.");
  assertEquals(messageOf(reply([{ ...seen, content: [image, image] }])).text, "I see 2 images.");
  assertEquals(messageOf(reply([typed("Hi"), told("Speak up")])).text, "I have been told: Speak up.");
  assertStringIncludes(messageOf(reply([])).text, "Hello!");
});

Deno.test("createEchoModel() asks a silent user whether they are there", () => {
  assertEquals(messageOf(reply([spoken("silence")], { idle: true })).text, "Are you still there?");
});

Deno.test("createEchoModel() calls MCP tools like functions, when named or required", () => {
  const search = {
    server_label: "docs",
    name: "search_docs",
    input_schema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
  };
  const mcpTools = [search, { ...search, name: "drop_docs" }, { ...search, server_label: "wiki" }];
  const calls = (more: Partial<ReplyContext>, text = "Hello") =>
    reply([typed(text)], { mcpTools, tools: [WEATHER], ...more }).outputs.map((each) =>
      each.type === "mcp_call" ? `${each.server_label}.${each.name}` : each.type
    );
  assertEquals(calls({}), ["message"]);
  assertEquals(calls({}, "Call drop_docs and get_weather for Oslo"), ["docs.drop_docs", "function_call"]);
  const demanded = (fields: object) => calls({ toolChoice: { type: "mcp", server_label: "wiki", ...fields } });
  assertEquals(demanded({}), ["wiki.search_docs"]);
  assertEquals(demanded({ name: "search_docs" }), ["wiki.search_docs"]);
  assertEquals(demanded({ name: "drop_docs" }), ["message"]);
  assertEquals(calls({ toolChoice: { type: "function", name: "search_docs" } }), ["message"]);
  assertEquals(calls({ toolChoice: "none" }, "Call drop_docs"), ["message"]);
});

Deno.test("createEchoModel() repeats the result or the error of an MCP call, and calls nothing more", () => {
  const called = { id: "m", type: "mcp_call", server_label: "docs", name: "find", arguments: "{}" } as const;
  const context = { tools: [WEATHER], toolChoice: "required" } as const;
  const answered = reply([typed("Hi"), { ...called, output: "4 pages" }], context);
  assertEquals(messageOf(answered).text, "find answered: 4 pages.");
  const error = { type: "http_error", code: 502, message: "Bad gateway" } as const;
  assertEquals(messageOf(reply([typed("Hi"), { ...called, error }], context)).text, "find failed: Bad gateway.");
  assertEquals(messageOf(reply([typed("Hi"), called], context)).text, "You said: Hi.");
});
