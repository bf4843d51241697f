import { assert, assertEquals } from "@std/assert";
import type { ConnectOptions } from "../../../src/connect.ts";
import type { PlannedOutput } from "../../../src/simulator/model/planned_output.ts";
import { scripted, written } from "../../simulator/_simulated_model.ts";
import { openWorld } from "./_world.ts";

const HOSTED: ConnectOptions = {
  session: {
    tools: [{ type: "mcp", server_label: "docs", server_url: "https://docs.example", require_approval: "always" }],
  },
};

/** A call of the hosted tool. */
function find(json = "{}"): PlannedOutput {
  return { type: "mcp_call", server_label: "docs", name: "find", arguments: json, output: "Found." };
}

Deno.test("the list of hosted tools is not replayed, as the next session lists them again", async () => {
  const { clock, end, events, server, session, until } = await openWorld(HOSTED, {
    createModel: scripted([written("Well.")]).createModel,
  });
  await until(session.ask("Hello"));
  for (let drops = 1; drops <= 3; drops++) {
    const lists = server().items.filter(({ type }) => type === "mcp_list_tools");
    assertEquals(lists.length, 1);
    const { id } = lists[0] as { id: string };
    assert(session.conversation.getSnapshot().some((entry) => entry.id === id), "the view has not got the list");
    server().fault({ type: "drop" });
    await clock.advance(3000);
    const recovered = events.at(-1);
    assert(recovered?.type === "recovered");
    assertEquals(recovered.lost.map(({ kind, id }) => [kind, id]), [["item", id]]);
    assertEquals(recovered.restored.length, 2);
  }
  await end();
});

Deno.test("a refused item is reported lost although the server adds an item of its own during the replay", async () => {
  const { createModel } = scripted([find(`{"words":"${"long ".repeat(99)}"}`)]);
  const { clock, end, events, server, session, until } = await openWorld(
    { ...HOSTED, onMcpApproval: () => true, recovery: { replay: { maxTokens: 40 } } },
    { createModel },
  );
  await until(session.ask("Hello"));
  await clock.advance(1000);
  const answer = session.conversation.getSnapshot().find(({ item }) => item.type === "mcp_approval_response");
  assert(answer);
  server().fault({ type: "drop" });
  await clock.advance(3000);
  const recovered = events.at(-1);
  assert(recovered?.type === "recovered");
  // The request, which it answers, is too long.
  assertEquals([recovered.restored, recovered.replayedTokens], [[], 0]);
  assert(recovered.lost.some(({ id, reason }) => id === answer.id && reason.includes("no approval request")));
  await end();
});

Deno.test("the decision about a hosted tool reaches the next connection", async () => {
  for (const moment of ["before the drop", "after the drop"]) {
    const decision = Promise.withResolvers<boolean>();
    const { clock, end, server, session, until } = await openWorld(
      { ...HOSTED, onMcpApproval: () => decision.promise },
      { createModel: scripted([find()]).createModel },
    );
    const failed: unknown[] = [];
    session.on("listener_failed", ({ error }) => void failed.push(error));
    await until(session.ask("Hello"));
    if (moment === "before the drop") decision.resolve(true);
    server().fault({ type: "drop" });
    await clock.advance(3000);
    decision.resolve(true);
    await clock.advance(1000);
    const { items } = server();
    const request = items.find(({ type }) => type === "mcp_approval_request") as { readonly id: string };
    const answers = items.filter(({ type }) => type === "mcp_approval_response");
    assertEquals([failed, answers.length], [[], 1], moment);
    assertEquals((answers[0] as { approval_request_id?: string }).approval_request_id, request.id);
    await end();
  }
});

Deno.test("a renewal interrupts no item of the next connection", async () => {
  const { clock, end, events, server, session, until } = await openWorld(HOSTED, {
    createModel: scripted([written("Well.")]).createModel,
  });
  await until(session.ask("Hello"));
  await clock.advance(3_590_000);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  const [list] = server().items.filter(({ type }) => type === "mcp_list_tools") as { id: string }[];
  const entry = session.conversation.getSnapshot().find(({ id }) => id === list!.id);
  assertEquals([entry?.final, entry?.progress, entry?.interrupted], [true, "completed", false]);
  await end();
});
