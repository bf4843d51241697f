import { assertEquals, assertThrows } from "@std/assert";
import type { SimulatorOptions } from "../../../src/simulator/simulator_options.ts";
import type { ScenarioResponse } from "../../../src/simulator/model/scenario.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { Api } from "../_api.ts";
import { Client, only, userText } from "../_client.ts";
import { joined, silence, tone } from "../_sound.ts";

const CREATE = { type: "response.create" };

const saying = (text: string): ScenarioResponse => ({ outputs: [{ type: "message", text }] });
const calling: ScenarioResponse = { outputs: [{ type: "function_call", name: "bake", arguments: {} }] };

async function open(options: SimulatorOptions): Promise<Client> {
  return await Client.open({ ...options, pace: "fast" });
}

/** Asks for an answer to a typed message. */
async function ask(client: Client, text: string): Promise<void> {
  client.send(userText(text), CREATE);
  await client.wait(5000);
}

/** The complaint of assertUsed(). */
function complaintOf({ simulator }: Pick<Client, "simulator">): string {
  return assertThrows(() => simulator.assertUsed(), Error).message;
}

Deno.test("assertUsed() names the text for which a turn waits in vain, and the last message", async () => {
  const client = await open({ scenario: { turns: [{ match: "Pizza", responses: [saying("Which size?")] }] } });
  assertEquals(complaintOf(client), "Cannot confirm turns[0] as the user has not taken it");
  await ask(client, "A calzone.");
  await ask(client, 'One "piza".');
  assertEquals(
    complaintOf(client),
    'Cannot confirm turns[0] as no message contains "Pizza": the last one is "One \\"piza\\"."',
  );
  await ask(client, "A pizza, then.");
  client.simulator.assertUsed();
});

Deno.test("assertUsed() names the first response that no session has requested", async () => {
  const turns = [{ responses: [calling, saying("It is baking.")] }, { responses: [] }];
  const client = await open({ scenario: { opening: saying("Hello."), turns, outOfBand: [saying("Aside.")] } });
  assertEquals(complaintOf(client), "Cannot confirm opening as the client has not requested it");
  await client.ask(CREATE, 1000);
  await ask(client, "A pizza.");
  assertEquals(complaintOf(client), "Cannot confirm turns[0].responses[1] as the client has not requested it");
  const { call_id } = only(client.received, "response.function_call_arguments.done");
  const item = { type: "function_call_output", call_id, output: "ok" };
  client.send({ type: "conversation.item.create", item }, CREATE);
  await client.wait(1000);
  assertEquals(complaintOf(client), "Cannot confirm turns[1] as the user has not taken it");
  await client.speak(joined(tone(1000), silence(1000)));
  await client.wait(5000);
  assertEquals(complaintOf(client), "Cannot confirm outOfBand[0] as the client has not requested it");

  // Another session counts as well.
  const other = new Client({}, client);
  await other.dial();
  await other.clock.advance(10);
  await other.ask({ ...CREATE, response: { conversation: "none" } }, 1000);
  client.simulator.assertUsed();
});

Deno.test("assertUsed() names a fault that has not occurred", async () => {
  const at = "response.output_text.delta";
  const client = await open({ faults: [{ type: "rate_limit" }, { type: "duplicate", at, skip: 1 }] });
  assertEquals(complaintOf(client), "Cannot confirm faults[0] as rate_limit has not occurred");
  await ask(client, "Hello.");
  await ask(client, "Hello?");
  assertEquals(complaintOf(client), `Cannot confirm faults[1] as duplicate has not occurred at ${at}`);
  client.send({ type: "session.update", session: { type: "realtime", output_modalities: ["text"] } });
  await ask(client, "In writing, please.");
  client.simulator.assertUsed();
});

Deno.test("assertUsed() names a fault of a function, of a request and of Live that has not occurred", async () => {
  const client = await open({ faults: () => [{ type: "drop", at: "error" }] });
  assertEquals(complaintOf(client), "Cannot confirm faults[0] as drop has not occurred at error");
  await client.ask("no event");
  client.simulator.assertUsed();

  const route = "/realtime/client_secrets";
  const api = new Api({ restFaults: [{ type: "status", status: 503, route }] });
  assertEquals(complaintOf(api), `Cannot confirm restFaults[0] as status has not occurred at ${route}`);
  assertEquals((await api.refusal("/realtime/client_secrets", {}))[0], 503);
  api.simulator.assertUsed();

  const live = new Client({ live: { faults: [{ type: "expire", at: "session.started" }] } });
  await live.dial("wss://simulator/v1/live/sessions");
  assertEquals(complaintOf(live), "Cannot confirm live.faults[0] as expire has not occurred at session.started");
  await live.ask({ type: "session.start", session: { model: "gpt-live-1" } }, 5000);
  live.simulator.assertUsed();
});

Deno.test("assertUsed() tells turns, responses and faults apart that are one object", async () => {
  const yes = saying("Yes.");
  const turn = { responses: [yes, yes] };
  const duplicate = { type: "duplicate", at: "response.done" } as const;
  const client = await open({ scenario: { turns: [turn, turn] }, faults: [duplicate, duplicate] });
  await ask(client, "One.");
  assertEquals(complaintOf(client), "Cannot confirm turns[0].responses[1] as the client has not requested it");

  const other = await open({ scenario: { turns: [{ responses: [yes] }, { responses: [yes] }] } });
  await ask(other, "One.");
  assertEquals(complaintOf(other), "Cannot confirm turns[1] as the user has not taken it");
  await other.speak(joined(tone(1000), silence(1000)));
  await other.wait(5000);
  other.simulator.assertUsed();
});

Deno.test("assertUsed() names a fault without any session, and does not expect it of every session", async () => {
  const complaint = "faults[0] as rate_limit has not occurred";
  const rateLimit = { type: "rate_limit" } as const;
  assertEquals(complaintOf({ simulator: createSimulator({ faults: [rateLimit] }) }), `Cannot confirm ${complaint}`);
  const live = { faults: [rateLimit] };
  assertEquals(complaintOf({ simulator: createSimulator({ live }) }), `Cannot confirm live.${complaint}`);

  for (const faults of [[rateLimit], () => [{ ...rateLimit }]]) {
    const client = await open({ faults });
    await ask(client, "Hello.");
    const other = new Client({}, client);
    await other.dial();
    await other.clock.advance(10);
    client.simulator.assertUsed();
  }
});

Deno.test("assertUsed() names a fault that was injected, and has not occurred", async () => {
  const at = "response.done";
  const client = await open({});
  const [session] = client.simulator.sessions;
  for (const count of [1, 2]) {
    session!.fault({ type: "duplicate", at });
    assertEquals(complaintOf(client), `Cannot confirm injected fault ${count} as duplicate has not occurred at ${at}`);
    await ask(client, "Hello.");
    client.simulator.assertUsed();
  }

  const api = new Api({});
  api.simulator.restFault({ type: "drop", skip: 1 });
  assertEquals(complaintOf(api), "Cannot confirm injected fault 1 as drop has not occurred");
});

Deno.test("A fault that is set after the end of its session does not occur", async () => {
  const client = await open({});
  const [session] = client.simulator.sessions;
  client.close();
  await client.clock.advance(0);
  for (const afterMs of [undefined, 1000]) session!.fault({ type: "garbage", afterMs });
  await client.clock.advance(1000);
  assertEquals(complaintOf(client), "Cannot confirm injected fault 1 as garbage has not occurred");
});

Deno.test("A function of faults that returns no list fails its session with the reason", async () => {
  for (const [faults, value] of [[() => Promise.resolve([]), "a Promise"], [() => undefined, "null"]] as const) {
    const client = await Client.connect({ faults: faults as never });
    assertEquals(
      (only(client.take(), "error").error as { message: string }).message,
      "The simulator failed: Cannot create the simulator as the value that faults returns must be a list: " +
        `current value is ${value}`,
    );
  }
});
