import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import type { ReplyContext } from "../../../../src/simulator/model/simulated_model.ts";
import { scripted, written } from "../../_simulated_model.ts";
import { Client, only, typesOf, userText } from "../../_client.ts";

interface Opened {
  readonly client: Client;
  readonly contexts: ReplyContext[];
}

/** A client in whose session a message has ten tokens, and the instructions one. */
async function open(truncation: unknown, messages: number): Promise<Opened> {
  const { createModel, contexts } = scripted([written("Yes.")]);
  const client = await Client.open({ createModel, pace: "fast" });
  const session = { type: "realtime", output_modalities: ["text"], instructions: "Go.", truncation };
  await client.ask({ type: "session.update", session });
  await add(client, 0, messages);
  return { client, contexts };
}

async function add(client: Client, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) client.send(userText("x".repeat(40), { id: `m${index}` }));
  await client.wait(0);
}

/** The ids of the items that the model reads now. */
async function seen({ client, contexts }: Opened): Promise<unknown[]> {
  await client.ask({ type: "response.create" }, 1000);
  return contexts.at(-1)?.items.map(({ id }) => id) ?? [];
}

const LIMIT = { type: "retention_ratio", retention_ratio: 1, token_limits: { post_instructions: 35 } };

Deno.test("The oldest items leave the context when the conversation exceeds its limit, without an event", async () => {
  const opened = await open(LIMIT, 5);
  const { client, contexts } = opened;
  const frames = await client.ask({ type: "response.create" }, 1000);
  assertEquals(contexts[0]?.items.map(({ id }) => id), ["m2", "m3", "m4"]);
  assertEquals(typesOf(frames).filter((type) => /delet|trunc|error/.test(type)), []);
  assertEquals(client.simulator.sessions[0]?.items.length, 6);
  const retrieved = await client.ask({ type: "conversation.item.retrieve", item_id: "m0" });
  assertObjectMatch(only(retrieved, "conversation.item.retrieved"), { item: { id: "m0" } });
});

Deno.test("A truncation keeps only retention_ratio of the limit, so that later responses need none", async () => {
  const rule = { ...LIMIT, retention_ratio: 0.6 };
  const opened = await open(rule, 4);
  assertEquals(await seen(opened), ["m2", "m3"]);
  await add(opened.client, 4, 5);
  // Two messages, the answer of one token and another message fit again; removed items stay out.
  const items = await seen(opened);
  assertEquals([items[0], items.at(-1), items.length], ["m2", "m4", 4]);
});

Deno.test("A truncation invalidates the cache except for the instructions", async () => {
  const opened = await open(LIMIT, 3);
  const cached = async () => {
    const { usage } = only(await opened.client.ask({ type: "response.create" }, 1000), "response.done").response as {
      usage: { input_token_details: { cached_tokens: number; text_tokens: number } };
    };
    return [usage.input_token_details.text_tokens, usage.input_token_details.cached_tokens];
  };
  assertEquals(await cached(), [31, 0]);
  assertEquals(await cached(), [32, 32]);
  await add(opened.client, 3, 4);
  assertEquals(await cached(), [33, 1]);
});

Deno.test("With truncation disabled, a conversation that is too long is refused", async () => {
  const opened = await open("disabled", 2);
  assertEquals(await seen(opened), ["m0", "m1"]);
  const { client } = opened;
  client.send(userText("x".repeat(4 * 28_224)));
  const frames = await client.ask({ type: "response.create", event_id: "mine" }, 1000);
  assertObjectMatch(only(frames, "error"), { error: { code: "context_length_exceeded", event_id: "mine" } });
  assertEquals(typesOf(frames).includes("response.created"), false);
});

Deno.test("By default 28,224 tokens are read, and the last item whatever its size", async () => {
  const opened = await open("auto", 0);
  const { client, contexts } = opened;
  client.send(userText("x".repeat(4 * 28_000), { id: "old" }), userText("x".repeat(4 * 223), { id: "new" }));
  assertEquals(await seen(opened), ["old", "new"]);
  // The answer exceeds the limit by one.
  assertEquals((await seen(opened)).includes("old"), false);
  client.send(userText("x".repeat(4 * 30_000), { id: "huge" }));
  assertEquals(await seen(opened), ["huge"]);
  assert(contexts.length === 3);
});

Deno.test("A session's own limit does not exceed that of the model", async () => {
  const opened = await open({ ...LIMIT, token_limits: { post_instructions: 100_000 } }, 0);
  for (const id of ["old", "new"]) opened.client.send(userText("x".repeat(4 * 20_000), { id }));
  assertEquals(await seen(opened), ["new"]);
});

Deno.test("A response's own input is not truncated", async () => {
  const opened = await open(LIMIT, 0);
  const item = { type: "message", role: "user", content: [{ type: "input_text", text: "x".repeat(400) }] };
  await opened.client.ask({ type: "response.create", response: { input: [item, item] } }, 1000);
  assertEquals(opened.contexts[0]?.items.length, 2);
});
