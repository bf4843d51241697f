import { assertEquals, assertThrows } from "@std/assert";
import type { ClientEventPattern } from "../../../src/simulator/model/client_event_pattern.ts";
import type { Scenario } from "../../../src/simulator/model/scenario.ts";
import { Client, userText } from "../_client.ts";

const NOTHING = { outputs: [] };

/** The error of assertExpectations() after a client has sent `events`. */
async function complaint(scenario: Scenario, ...events: (object | string)[]): Promise<string | undefined> {
  const client = await Client.open({ scenario });
  for (const event of events) await client.ask(event as Readonly<Record<string, unknown>>, 100);
  try {
    client.simulator.assertExpectations();
    return undefined;
  } catch (error) {
    return (error as Error).message.replaceAll(/sess_\w+/g, "sess_1");
  }
}

function expecting(...expect: ClientEventPattern[]): Scenario {
  return { expect, turns: [] };
}

const TOOL_OUTPUT = {
  type: "conversation.item.create",
  item: { type: "function_call_output", call_id: "call_1", output: "4 degrees" },
};

Deno.test("assertExpectations() passes when the events came in order, with any others between them", async () => {
  const scenario: Scenario = {
    expect: [{ type: "session.update", session: { instructions: "Be brief." } }],
    turns: [
      { responses: [NOTHING], expect: [{ type: "response.create" }] },
      { responses: [NOTHING], expect: [{ type: "conversation.item.create", item: { type: "function_call_output" } }] },
    ],
  };
  const update = { type: "session.update", session: { type: "realtime", instructions: "Be brief.", tools: [] } };
  const create = { type: "response.create" };
  assertEquals(await complaint(scenario, update, userText("Hello"), create, TOOL_OUTPUT, create), undefined);
  assertEquals(await complaint({ turns: [] }), undefined);
});

Deno.test("assertExpectations() reports the missing event, the nearest difference, and the events sent instead", async () => {
  const scenario = expecting(
    { type: "response.create" },
    { type: "conversation.item.create", item: { type: "function_call_output", output: "5 degrees" } },
  );
  const create = { type: "response.create" };
  assertEquals(
    await complaint(scenario, TOOL_OUTPUT, create, userText("Hello"), TOOL_OUTPUT, create),
    [
      "Cannot confirm expect[1] as the client has not sent it in session sess_1",
      '  expected: {"type":"conversation.item.create","item":{"type":"function_call_output","output":"5 degrees"}}',
      "  a conversation.item.create has at item.type",
      '    - "function_call_output"',
      '    + "message"',
      "  a conversation.item.create has at item.output",
      '    - "5 degrees"',
      '    + "4 degrees"',
      "  sent since the previous expected event: conversation.item.create (2 times), response.create",
    ].join("\n"),
  );
});

Deno.test("assertExpectations() names the turn, and matches each event with one expectation only", async () => {
  const create = { type: "response.create" } as const;
  const scenario: Scenario = {
    expect: [create],
    turns: [{ responses: [NOTHING] }, { responses: [], expect: [create] }],
  };
  assertEquals(
    await complaint(scenario, create),
    [
      "Cannot confirm turns[1].expect[0] as the client has not sent it in session sess_1",
      '  expected: {"type":"response.create"}',
      "  sent since the previous expected event: nothing",
    ].join("\n"),
  );
  assertEquals(await complaint(scenario, create, create), undefined);
});

Deno.test("assertExpectations() lists at most twenty entries, groups repeats, and includes malformed frames", async () => {
  const clear = { type: "input_audio_buffer.clear" };
  const frames = [
    "no json",
    '{"type":1}',
    clear,
    clear,
    ...Array(10).fill([{ type: "response.cancel" }, clear]).flat(),
  ];
  const message = await complaint(expecting({ type: "response.create" }), ...frames);
  const listed = message?.split("event: ")[1]?.split(", ") ?? [];
  assertEquals(listed.slice(0, 3), ["no event (2 times)", "input_audio_buffer.clear (2 times)", "response.cancel"]);
  assertEquals([listed.length, listed.at(-1)], [21, "and so on"]);
});

Deno.test("assertExpectations() checks every session, and requires at least one", async () => {
  const scenario = expecting({ type: "response.create" });
  const client = new Client({ scenario });
  assertThrows(
    () => client.simulator.assertExpectations(),
    Error,
    "Cannot confirm expect[0] as no session has been opened",
  );
  await client.dial();
  await client.ask({ type: "response.create" }, 1000);
  client.close();
  await client.clock.advance(0);
  client.simulator.assertExpectations();
  await new Client({}, client).dial();
  await client.clock.advance(100);
  assertThrows(() => client.simulator.assertExpectations(), Error, "Cannot confirm expect[0] as the client has not");
});
