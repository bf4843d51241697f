import { assertEquals } from "@std/assert";
import { LiveRules } from "../../../src/hono/_live/rules.ts";
import { liveView } from "../../../src/hono/_live/view.ts";

Deno.test("a page answers the delegations to the client, and those without a target", () => {
  const decide = () => ({ model: "gpt-live-1" });
  const rules = new LiveRules({ decide, clientMayOverride: [], view: liveView(new Set()) });
  rules.fromServer({ type: "session.started", session: {} });
  for (const [id, target] of [["item_1", "client"], ["item_2", undefined], ["item_3", "responses"]]) {
    rules.fromServer({ type: "session.delegation.created", delegation: { id, target } });
  }
  const answer = (delegation_id: string) =>
    "refused" in rules.fromClient({ type: "session.commentary.append", content: "Yes.", delegation_id }, []);
  assertEquals(["item_1", "item_2", "item_3", "item_4"].map(answer), [false, false, true, true]);
});
