import { assert, assertEquals } from "@std/assert";
import { checkClientEvent, CLIENT_EVENT_TYPES, NULLABLE_FIELDS } from "../../../src/protocol/mod.ts";
import { clientFrames, framesOf, itemFrames, type Json, ofOtherType, placesOf } from "../_frames.ts";

/** Fields with arbitrary content. */
const FREE = /\b(parameters|input_schema|annotations|tracing\.metadata)\b/;

const frames = framesOf(clientFrames);

/** Path and message of the first issue. */
function faultOf(event: unknown): string | undefined {
  const [issue] = checkClientEvent(event);
  return issue && `${issue.path} ${issue.message}`;
}

function pathsOf(event: unknown): string[] {
  return checkClientEvent(event).map(({ path }) => path);
}

function update(session: Record<string, unknown>): unknown {
  return { type: "session.update", session: { type: "realtime", ...session } };
}

function respond(response: Record<string, unknown>): unknown {
  return { type: "response.create", response };
}

function create(item: Record<string, unknown>): unknown {
  return { type: "conversation.item.create", item };
}

/** The server generates the id of an approval; its own items always have one. */
function isOptional({ item }: Json, path: string): boolean {
  return path === "item.id" && (item as Json).type === "mcp_approval_response";
}

function functionTool(tool: Record<string, unknown>): unknown {
  return update({ tools: [{ type: "function", name: "look_up", ...tool }] });
}

Deno.test("the fixtures hold every type of client event", () => {
  assertEquals(Object.keys(clientFrames), [...CLIENT_EVENT_TYPES]);
  assertEquals(CLIENT_EVENT_TYPES.length, 11);
});

Deno.test("checkClientEvent() accepts every valid event", () => {
  for (const frame of frames) assertEquals(checkClientEvent(frame), [], frame.type);
});

Deno.test("checkClientEvent() accepts every type of item", () => {
  for (const [kind, { minimal, full }] of Object.entries(itemFrames)) {
    assertEquals(checkClientEvent(create(minimal)), [], kind);
    if (!kind.startsWith("message:assistant")) assertEquals(checkClientEvent(create(full)), [], kind);
  }
});

Deno.test("checkClientEvent() names a missing field", () => {
  const minimals = [
    ...Object.values(clientFrames),
    ...Object.values(itemFrames).map(({ minimal }) => ({ minimal: create(minimal) as Json })),
  ];
  for (const { minimal } of minimals) {
    for (const { path, isField, remove } of placesOf(minimal)) {
      const faulty = remove();
      if (isField) {
        assertEquals(pathsOf(faulty), isOptional(faulty, path) ? [] : [path], `${minimal.type} without ${path}`);
      }
    }
  }
});

Deno.test("checkClientEvent() names a field of the wrong type", () => {
  for (const frame of frames) {
    for (const { path, value, replace } of placesOf(frame)) {
      if (FREE.test(path)) continue;
      assertEquals(pathsOf(replace(ofOtherType(value)))[0], path, `${frame.type} with a wrong ${path}`);
    }
  }
});

Deno.test("checkClientEvent() treats undefined as absent, at every level", () => {
  for (const frame of frames) {
    const decorated = structuredClone(frame);
    const objects = placesOf(decorated).filter(({ value, path }) => isObject(value) && !FREE.test(path));
    for (const { value } of objects) (value as Record<string, unknown>).not_there = undefined;
    assertEquals(checkClientEvent(decorated), [], frame.type);
  }
  for (const { minimal, full } of Object.values(clientFrames)) {
    const wanted = new Set(placesOf(minimal).map(({ path }) => path));
    for (const { path, isField, remove, replace } of placesOf(full)) {
      if (!isField || wanted.has(path)) continue;
      assertEquals(faultOf(replace(undefined)), faultOf(remove()), `${full.type} with an undefined ${path}`);
    }
  }
});

Deno.test("checkClientEvent() rejects undefined among the entries of an array", () => {
  assertEquals(
    faultOf(update({ tools: [undefined] })),
    "session.tools[0] must be an object: it is missing",
  );
  assertEquals(
    faultOf(update({ audio: { input: { transcription: { model: "whisper-1", keywords: ["a", undefined] } } } })),
    "session.audio.input.transcription.keywords[1] must be a string: it is missing",
  );
});

Deno.test("checkClientEvent() rejects an unknown field at any level", () => {
  for (const frame of frames) {
    for (const { path, value, replace } of placesOf(frame)) {
      if (!isObject(value) || FREE.test(path) || /\b(metadata|headers|variables)$/.test(path)) continue;
      const issues = checkClientEvent(replace({ ...value as Json, brand_new: 1 }));
      assertEquals(issues, [{
        path: `${path}.brand_new`,
        rule: { kind: "unknown_key", hint: undefined },
        message: "is not a field that this version knows here",
        value: 1,
      }]);
    }
    assertEquals(pathsOf({ ...frame, brand_new: null }), ["brand_new"]);
  }
});

Deno.test("checkClientEvent() has no hint for a field named like a method of objects", () => {
  for (const field of ["constructor", "toString"]) {
    assertEquals(faultOf(update({ [field]: 1 })), `session.${field} is not a field that this version knows here`);
  }
});

Deno.test("checkClientEvent() shortens a long value, and reports its length", () => {
  assertEquals(
    faultOf(update({ tracing: "x".repeat(70) })),
    `session.tracing must be "auto": current value is "${"x".repeat(60)}…" of 70`,
  );
});

Deno.test("checkClientEvent() reports every unknown field, after the others", () => {
  assertEquals(pathsOf(update({ one: 1, two: 2, instructions: 3 })), [
    "session.instructions",
    "session.one",
    "session.two",
  ]);
});

Deno.test("checkClientEvent() distinguishes null from absent", () => {
  const nulls = update({
    audio: { input: { turn_detection: null, noise_reduction: null, transcription: null } },
    tracing: null,
    prompt: null,
  });
  assertEquals(checkClientEvent(nulls), []);
  assertEquals(checkClientEvent(update({ reasoning: null })), []);
  assertEquals(checkClientEvent(respond({ prompt: null, metadata: null, instructions: null })), []);
  assertEquals(pathsOf(respond({ reasoning: null })), ["response.reasoning"]);
  const notNullable = [
    "instructions",
    "tools",
    "tool_choice",
    "truncation",
    "max_output_tokens",
    "output_modalities",
    "audio",
    "include",
    "model",
    "parallel_tool_calls",
  ];
  for (const field of notNullable) assertEquals(pathsOf(update({ [field]: null })), [`session.${field}`]);
});

Deno.test("checkClientEvent() rejects values that are not events", () => {
  assertEquals(faultOf(undefined), " must be an object: it is missing");
  assertEquals(faultOf(null), " must be an object: current value is null");
  assertEquals(faultOf([]), " must be an object: current value is an array");
  assertEquals(pathsOf({}), ["type"]);
  const [issue] = checkClientEvent({ type: "response.audio.delta" });
  assertEquals(issue?.path, "type");
  assert(issue?.message.startsWith(`must be "conversation.item.create" | `), issue?.message);
  assert(issue?.message.endsWith(`"session.update": current value is "response.audio.delta"`), issue?.message);
});

Deno.test("checkClientEvent() requires 24,000 Hz for audio/pcm, and no rate for G.711", () => {
  const input = (format: unknown) => update({ audio: { input: { format } } });
  for (
    const format of [{ type: "audio/pcm", rate: 24000 }, { type: "audio/pcmu" }, { type: "audio/pcma" }]
  ) {
    assertEquals(checkClientEvent(input(format)), []);
  }
  assertEquals(
    faultOf(input({ type: "audio/pcm" })),
    "session.audio.input.format.rate must be 24000: it is missing",
  );
  assertEquals(
    faultOf(update({ audio: { output: { format: { type: "audio/pcm" } } } })),
    "session.audio.output.format.rate must be 24000: it is missing",
  );
  assertEquals(
    faultOf(input({ type: "audio/pcm", rate: 16000 })),
    "session.audio.input.format.rate must be 24000: current value is 16000",
  );
  assertEquals(
    faultOf(input({ type: "audio/pcmu", rate: 8000 })),
    "session.audio.input.format.rate is not a field that this version knows here: only audio/pcm has it",
  );
  assertEquals(
    faultOf(input({ type: "audio/opus" })),
    `session.audio.input.format.type must be "audio/pcm" | "audio/pcmu" | "audio/pcma": current value is "audio/opus"`,
  );
  assertEquals(faultOf(input("pcm16")), `session.audio.input.format must be an object: current value is "pcm16"`);
  assertEquals(
    pathsOf(respond({ audio: { output: { format: { type: "audio/pcm", rate: 8000 } } } })),
    ["response.audio.output.format.rate"],
  );
});

Deno.test("checkClientEvent() requires exactly one output modality", () => {
  assertEquals(checkClientEvent(update({ output_modalities: ["text"] })), []);
  for (const output_modalities of [[], ["audio", "text"], ["audio", "audio"]]) {
    for (const event of [update({ output_modalities }), respond({ output_modalities })]) {
      assert(faultOf(event)?.includes("output_modalities must be exactly one of audio and text"));
    }
  }
  assertEquals(pathsOf(update({ output_modalities: ["video"] })), ["session.output_modalities[0]"]);
});

Deno.test("checkClientEvent() requires well-formed base64 in an append", () => {
  const append = (audio: unknown) => ({ type: "input_audio_buffer.append", audio });
  for (
    const audio of [
      "",
      "AAAA",
      "AAA=",
      "AA==",
      "+/+/",
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
    ]
  ) {
    assertEquals(checkClientEvent(append(audio)), [], audio);
  }
  const malformed = [
    ...["A", "AA", "AAA", "AAAAA", "=", "====", "A===", "AA=A", "=AAA", "AA=AAA==", "AAAA=", "AAA==", "AAAAAAA=AAAA"],
    ...[" AAA", "AAA ", "AA AAA==", "AAAA\n", "AAAA\nAAA", "A A=", "AAAA   =", "AA  AA==", "\u00a0AAA"],
    ...["AA-_", "AA.A", "AAA\u0000", "AAA\u0141", "ДАТА", "A\ud83dAA"],
  ];
  for (const audio of malformed) {
    assertEquals(checkClientEvent(append(audio)).map(({ path, rule }) => ({ path, rule })), [
      { path: "audio", rule: { kind: "format", format: "base64" } },
    ], JSON.stringify(audio));
  }
  // Texts of any length are checked to the end.
  for (const groups of [5460, 5461, 5462, 20_000]) {
    const long = "AAAA".repeat(groups);
    for (const end of ["", "AAA=", "AA==", "AAAA"]) assertEquals(checkClientEvent(append(long + end)), []);
    for (const end of ["A", "AA", "AAA", "====", "AA=A", "AAA-", "AAA ", "AAAAA", "    "]) {
      assertEquals(pathsOf(append(long + end)), ["audio"], `${groups} groups and "${end}"`);
    }
    assertEquals(pathsOf(append(`AA==${long}`)), ["audio"]);
  }
  assertEquals(faultOf(append("AAA-")), `audio must be base64 with its padding: current value is "AAA-"`);
});

Deno.test("checkClientEvent() finds one invalid character anywhere in an append", () => {
  const audio = "q83v".repeat(1200);
  for (const position of [0, 1, 2, 3, 1599, 2400, 4797, 4798, 4799]) {
    const wrong = `${audio.slice(0, position)}\t${audio.slice(position + 1)}`;
    assertEquals(pathsOf({ type: "input_audio_buffer.append", audio: wrong }), ["audio"], `${position}`);
  }
});

Deno.test("checkClientEvent() limits an append to 15 MiB", () => {
  const most = "AAAA".repeat(15 * 1024 * 1024 / 3);
  assertEquals(checkClientEvent({ type: "input_audio_buffer.append", audio: most }), []);
  const [issue] = checkClientEvent({ type: "input_audio_buffer.append", audio: `${most}AA==` });
  assertEquals(issue?.path, "audio");
  assert(issue?.message.startsWith("must have at most 15728640 bytes: current value is"), issue?.message);
  assert((issue?.message.length ?? 0) < 200);
});

Deno.test("checkClientEvent() limits the length of names and identifiers", () => {
  assertEquals(checkClientEvent({ type: "response.cancel", event_id: "x".repeat(512) }), []);
  assert(faultOf({ type: "response.cancel", event_id: "x".repeat(513) })?.startsWith("event_id must have at most 512"));
  const message = { type: "message", role: "user", content: [] };
  const id = "i".repeat(32);
  assertEquals(checkClientEvent({ ...create({ ...message, id }) as Json, previous_item_id: id }), []);
  assertEquals(pathsOf(create({ ...message, id: `${id}i` })), ["item.id"]);
  assertEquals(pathsOf(create({ ...message, id: "" })), ["item.id"]);
  assertEquals(pathsOf({ ...create(message) as Json, previous_item_id: `${id}i` }), ["previous_item_id"]);
  assertEquals(pathsOf(create({ type: "function_call_output", call_id: `${id}i`, output: "" })), ["item.call_id"]);
  assertEquals(pathsOf(create({ type: "function_call", call_id: `${id}i`, name: "f", arguments: "" })), [
    "item.call_id",
  ]);
  assertEquals(pathsOf(respond({ input: [{ ...message, id: crypto.randomUUID() }] })), ["response.input[0].id"]);
});

Deno.test("checkClientEvent() limits metadata", () => {
  const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
  assertEquals(checkClientEvent(respond({ metadata: pairs(16) })), []);
  assert(faultOf(respond({ metadata: pairs(17) }))?.startsWith("response.metadata must have at most 16 pairs"));
  assertEquals(checkClientEvent(respond({ metadata: { ["k".repeat(64)]: "v".repeat(512) } })), []);
  assert(
    faultOf(respond({ metadata: { ["k".repeat(65)]: "" } }))?.startsWith("response.metadata must have keys of at"),
  );
  assert(
    faultOf(respond({ metadata: { key: "v".repeat(513) } }))?.startsWith("response.metadata.key must have at most"),
  );
  assertEquals(pathsOf(respond({ metadata: { key: 5 } })), ["response.metadata.key"]);
});

Deno.test("checkClientEvent() limits numbers", () => {
  const speed = (value: unknown) => update({ audio: { output: { speed: value } } });
  const timeout = (value: unknown) =>
    update({ audio: { input: { turn_detection: { type: "server_vad", idle_timeout_ms: value } } } });
  const ratio = (value: unknown) => update({ truncation: { type: "retention_ratio", retention_ratio: value } });
  const limit = (value: unknown) =>
    update({ truncation: { type: "retention_ratio", retention_ratio: 1, token_limits: { post_instructions: value } } });
  const truncate = (value: unknown) => (
    { type: "conversation.item.truncate", item_id: "i", content_index: 0, audio_end_ms: value }
  );
  const threshold = (value: unknown) =>
    update({ audio: { input: { turn_detection: { type: "server_vad", threshold: value } } } });
  const padding = (value: unknown) =>
    update({ audio: { input: { turn_detection: { type: "server_vad", prefix_padding_ms: value } } } });
  const silence = (value: unknown) =>
    update({ audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms: value } } } });
  const strength = (value: unknown) => update({ audio: { input: { noise_reduction: { strength: value } } } });
  const tokens = (value: unknown) => update({ max_output_tokens: value });
  const responseTokens = (value: unknown) => respond({ max_output_tokens: value });
  const cases: [make: (value: unknown) => unknown, right: unknown[], wrong: unknown[]][] = [
    [speed, [0.25, 1, 1.5], [0.24, 1.51, Infinity, NaN, "1"]],
    [timeout, [5000, 30000, null], [4999, 30001, 5000.5, NaN]],
    [ratio, [0, 0.5, 1], [-0.1, 1.1, NaN]],
    [limit, [0, 5000], [-1, 0.5, Infinity]],
    [truncate, [0, 1250], [-1, 12.5, Infinity, NaN, "0"]],
    [threshold, [0, 0.5, 1], [-0.1, 1.1, Infinity, NaN, "0.5"]],
    [padding, [0, 300], [-1, 0.5, Infinity, NaN, "300"]],
    [silence, [0, 500], [-1, 0.5, Infinity, NaN, "500"]],
    [strength, [-1, 0, 1.5], [Infinity, NaN, "1"]],
    [tokens, [1, 4096, "inf"], [0, 4097, 1.5, NaN, "max", null]],
    [responseTokens, [1, 4096, "inf"], [0, 4097, 1.5, NaN, "max", null]],
  ];
  for (const [make, right, wrong] of cases) {
    for (const value of right) assertEquals(checkClientEvent(make(value)), [], `${value}`);
    for (const value of wrong) {
      const [issue, ...more] = checkClientEvent(make(value));
      assert(issue && more.length === 0, `${JSON.stringify(make(value))}: ${more.length + 1} issues`);
      assertEquals(issue.value, value);
    }
  }
  assertEquals(faultOf(truncate(-1)), "audio_end_ms must be a whole number >= 0: current value is -1");
  assertEquals(faultOf(speed(2)), "session.audio.output.speed must be from 0.25 to 1.5: current value is 2");
  assertEquals(
    faultOf(strength(Infinity)),
    "session.audio.input.noise_reduction.strength must be a number: current value is Infinity",
  );
});

Deno.test("checkClientEvent() knows the fields of each turn detection type", () => {
  const detect = (turn_detection: unknown) => update({ audio: { input: { turn_detection } } });
  assertEquals(checkClientEvent(detect({ type: "semantic_vad", eagerness: "high" })), []);
  assertEquals(
    faultOf(detect({ type: "semantic_vad", idle_timeout_ms: 6000 })),
    "session.audio.input.turn_detection.idle_timeout_ms is not a field that this version knows here: only server_vad has it",
  );
  assertEquals(pathsOf(detect({ type: "server_vad", eagerness: "high" })), [
    "session.audio.input.turn_detection.eagerness",
  ]);
  assertEquals(pathsOf(detect({})), ["session.audio.input.turn_detection.type"]);
});

Deno.test("checkClientEvent() requires a server address in an MCP tool", () => {
  const mcp = (tool: Record<string, unknown>) => update({ tools: [{ type: "mcp", server_label: "library", ...tool }] });
  for (const tool of [{ server_url: "https://a.example" }, { connector_id: "connector_gmail" }, { tunnel_id: "t" }]) {
    assertEquals(checkClientEvent(mcp(tool)), []);
  }
  assert(faultOf(mcp({}))?.startsWith("session.tools[0] must have a server_url, connector_id or tunnel_id"));
  assertEquals(pathsOf(mcp({ connector_id: "connector_fax" })), ["session.tools[0].connector_id"]);
  for (const allowed_tools of [["search"], { tool_names: ["search"] }, { read_only: true }, null]) {
    assertEquals(checkClientEvent(mcp({ tunnel_id: "t", allowed_tools })), []);
  }
  assertEquals(pathsOf(mcp({ tunnel_id: "t", allowed_tools: ["a", 1] })), ["session.tools[0].allowed_tools[1]"]);
  for (const require_approval of ["always", "never", { never: { tool_names: ["a"] } }, null]) {
    assertEquals(checkClientEvent(mcp({ tunnel_id: "t", require_approval })), []);
  }
  assertEquals(pathsOf(mcp({ tunnel_id: "t", require_approval: "maybe" })), ["session.tools[0].require_approval"]);
});

Deno.test("checkClientEvent() requires an object at the root of a function's parameters", () => {
  for (
    const parameters of [{ type: "object" }, { type: "object", properties: { a: {} }, anyOf: [] }, undefined]
  ) {
    assertEquals(checkClientEvent(functionTool({ parameters })), []);
  }
  const roots: [parameters: unknown, path: string][] = [
    [{}, ".type"],
    [{ type: "array", items: {} }, ".type"],
    [{ type: "null" }, ".type"],
    [{ type: ["object", "null"] }, ".type"],
    [{ $ref: "#/$defs/a" }, ".type"],
    [{ anyOf: [{ type: "object" }] }, ".type"],
    [true, ""],
    [null, ""],
    ["object", ""],
    [[], ""],
  ];
  for (const [parameters, path] of roots) {
    assertEquals(pathsOf(functionTool({ parameters })), [`session.tools[0].parameters${path}`]);
    const tools = [{ type: "function", name: "f", parameters }];
    assertEquals(pathsOf(respond({ tools })), [`response.tools[0].parameters${path}`]);
  }
  assertEquals(
    faultOf(functionTool({ parameters: { type: "string" } })),
    `session.tools[0].parameters.type must be "object": current value is "string"`,
  );
});

Deno.test("checkClientEvent() requires a model in a transcription, and a non-empty list of languages", () => {
  const transcribe = (transcription: unknown) => update({ audio: { input: { transcription } } });
  const path = "session.audio.input.transcription";
  assertEquals(faultOf(transcribe({})), `${path}.model must be a string: it is missing`);
  assertEquals(pathsOf(transcribe({ language: "en" })), [`${path}.model`]);
  assertEquals(
    pathsOf({ type: "session.update", session: { type: "transcription", audio: { input: { transcription: {} } } } }),
    [`${path}.model`],
  );
  assertEquals(checkClientEvent(transcribe({ model: "gpt-transcribe", languages: ["en"] })), []);
  assertEquals(
    faultOf(transcribe({ model: "gpt-transcribe", languages: [] })),
    `${path}.languages must not be empty: current value is an array`,
  );
});

Deno.test("checkClientEvent() requires images as PNG or JPEG data URLs, and message audio in base64", () => {
  const say = (part: Record<string, unknown>) => create({ type: "message", role: "user", content: [part] });
  const show = (image_url: unknown) => say({ type: "input_image", image_url });
  for (
    const url of ["data:image/png;base64,iVBORw0KGgo=", "data:image/jpeg;base64,/9j/", "DATA:image/PNG;base64,AAAA"]
  ) {
    assertEquals(checkClientEvent(show(url)), [], url);
  }
  const wrong = [
    ...["", "https://example.com/cat.png", "file:///cat.png", "iVBORw0KGgo=", "data:image/png,iVBORw0KGgo="],
    ...["data:image/gif;base64,R0lGODlh", "data:image/webp;base64,UklGRg==", "data:image/svg+xml;base64,AAAA"],
    ...["data:image/png;base64,", "data:image/png;base64,AAA", "data:image/png;base64,AA AA", "data:;base64,AAAA"],
    ...["data:image/png;charset=x;base64,AAAA", " data:image/png;base64,AAAA", "xdata:image/png;base64,AAAA"],
  ];
  for (const url of wrong) assertEquals(pathsOf(show(url)), ["item.content[0].image_url"], url);
  assertEquals(
    faultOf(show("https://example.com/cat.png")),
    `item.content[0].image_url must be a data URL of a PNG or JPEG image in base64: ` +
      `current value is "https://example.com/cat.png"`,
  );
  assertEquals(checkClientEvent(say({ type: "input_audio", audio: "AAA=" })), []);
  assertEquals(pathsOf(say({ type: "input_audio", audio: "AAA" })), ["item.content[0].audio"]);
  const input = [{ type: "message", role: "user", content: [{ type: "input_image", image_url: "cat.png" }] }];
  assertEquals(pathsOf(respond({ input })), ["response.input[0].content[0].image_url"]);
});

/** Several events share one shape: their common field is one field here. */
function sharedPath(path: string): string {
  return path.replace(/\[\d+\]/g, "[]").replace(/(variables)\.\w+/, "$1.*").replace(/^response\.input\[\]/, "item")
    .replace(/^(?:session|response)\.(?=tool|prompt)/, "");
}

Deno.test("checkClientEvent() accepts null only in the fields of NULLABLE_FIELDS", () => {
  const taken = new Set<string>();
  const items = framesOf(itemFrames).map((item) => create(item) as Json);
  for (const frame of [...frames, ...items]) {
    for (const { path, replace } of placesOf(frame)) {
      if (FREE.test(path) || checkClientEvent(replace(null)).length > 0) continue;
      taken.add(sharedPath(path));
    }
  }
  const allowed = NULLABLE_FIELDS.filter(({ isAllowed, path }) => isAllowed && !FREE.test(path));
  assertEquals([...taken].sort(), [...new Set(allowed.map(({ path }) => sharedPath(path)))].sort());
});

Deno.test("checkClientEvent() requires function names that the API accepts", () => {
  for (const name of ["f", "look_up-2", "x".repeat(64)]) {
    assertEquals(checkClientEvent(functionTool({ name })), [], name);
  }
  for (const name of ["", "look up", "x".repeat(65), "straße", "a.b", "f\n"]) {
    assertEquals(pathsOf(functionTool({ name })), ["session.tools[0].name"], name);
  }
  assertEquals(pathsOf(update({ tool_choice: { type: "function", name: "a b" } })), ["session.tool_choice.name"]);
});

Deno.test("checkClientEvent() names the replacement of a beta field", () => {
  const hints: Record<string, string> = {
    voice: "use audio.output.voice",
    speed: "use audio.output.speed",
    modalities: "use output_modalities",
    input_audio_format: "use audio.input.format",
    output_audio_format: "use audio.output.format",
    input_audio_transcription: "use audio.input.transcription",
    input_audio_noise_reduction: "use audio.input.noise_reduction",
    turn_detection: "use audio.input.turn_detection",
    max_response_output_tokens: "use max_output_tokens",
    temperature: "it was removed with the beta interface",
  };
  for (const [field, hint] of Object.entries(hints)) {
    assertEquals(
      faultOf(update({ [field]: 1 })),
      `session.${field} is not a field that this version knows here: ${hint}`,
    );
  }
  for (const field of ["temperature", "voice", "modalities", "output_audio_format"]) {
    assertEquals(
      faultOf(respond({ [field]: 1 })),
      `response.${field} is not a field that this version knows here: ${hints[field]}`,
    );
  }
  assert(faultOf(functionTool({ strict: true }))?.endsWith(": Realtime functions have no strict mode"));
  assertEquals(
    faultOf({ type: "session.update", session: { instructions: "Hi" } }),
    `session.type must be "realtime" | "transcription": it is missing`,
  );
});

Deno.test("checkClientEvent() distinguishes the settings of a transcription session", () => {
  const transcription = { type: "transcription", audio: { input: { transcription: { model: "gpt-transcribe" } } } };
  assertEquals(checkClientEvent({ type: "session.update", session: transcription }), []);
  assertEquals(pathsOf({ type: "session.update", session: { ...transcription, instructions: "Hi" } }), [
    "session.instructions",
  ]);
});

Deno.test("checkClientEvent() accepts an item reference in the input of a response only", () => {
  const reference = { type: "item_reference", id: "item_1" };
  assertEquals(checkClientEvent(respond({ input: [reference] })), []);
  assertEquals(pathsOf(create(reference)), ["item.type"]);
});

Deno.test("checkClientEvent() accepts new values of open enumerations, and rejects those of closed ones", () => {
  assertEquals(
    checkClientEvent(update({
      model: "gpt-realtime-9",
      audio: { input: { transcription: { model: "gpt-transcribe-9" } }, output: { voice: "breeze" } },
    })),
    [],
  );
  assertEquals(checkClientEvent(respond({ conversation: "conv_7" })), []);
  const closed: [Record<string, unknown>, string][] = [
    [{ reasoning: { effort: "none" } }, "session.reasoning.effort"],
    [{ include: ["everything"] }, "session.include[0]"],
    [{ tool_choice: "sometimes" }, "session.tool_choice"],
    [{ truncation: "late" }, "session.truncation"],
    [{ tracing: "on" }, "session.tracing"],
    [{ audio: { input: { noise_reduction: { type: "no_field" } } } }, "session.audio.input.noise_reduction.type"],
    [
      { audio: { input: { transcription: { model: "whisper-1", delay: "none" } } } },
      "session.audio.input.transcription.delay",
    ],
  ];
  for (const [session, path] of closed) assertEquals(pathsOf(update(session)), [path]);
});

Deno.test("checkClientEvent() redacts credentials in messages", () => {
  const secret = "sk-proj-1234567890";
  const events = [
    update({ max_output_tokens: secret }),
    update({ tracing: `Bearer ${secret}` }),
    update({ api_key: secret }),
    update({ tools: [{ type: "mcp", server_label: "a", tunnel_id: "t", headers: secret }] }),
  ];
  for (const event of events) {
    assert(!JSON.stringify(checkClientEvent(event).map(({ message }) => message)).includes(secret));
  }
  assertEquals(faultOf(update({ tracing: secret })), `session.tracing must be "auto": current value is a credential`);
});

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
