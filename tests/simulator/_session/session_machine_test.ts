import { assertEquals, assertObjectMatch } from "@std/assert";
import { Client, only, typesOf, userText } from "../_client.ts";

Deno.test("announcesConversation sends conversation.created after session.created", async () => {
  const client = await Client.connect({ announcesConversation: true });
  const frames = client.take();
  assertEquals(typesOf(frames), ["session.created", "conversation.created"]);
  const { conversation } = only(frames, "conversation.created") as unknown as { conversation: { id: string } };
  assertEquals(conversation, { id: conversation.id, object: "realtime.conversation" } as typeof conversation);
  await client.ask(userText("Hello"));
  const created = only(await client.ask({ type: "response.create" }), "response.created");
  assertObjectMatch(created, { response: { conversation_id: conversation.id } });
});
