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

Deno.test("a page writes to the backend for its user only, and answers its own calls", () => {
  const backend = { type: "responses", responses: { model: "gpt-5" } } as const;
  for (const delegation of [backend, undefined]) {
    const decide = () => ({ model: "gpt-live-1", ...delegation && { delegation } });
    const rules = new LiveRules({ decide, clientMayOverride: [], view: liveView(new Set(["look_up"])) });
    rules.fromClient({ type: "session.start" }, []);
    rules.fromServer({ type: "session.started", session: {} });
    for (const [call_id, name] of [["call_1", "look_up"], ["call_2", "another"]]) {
      const item = { type: "function_call", call_id, name, arguments: "{}" };
      rules.fromServer({ type: "response.event", event: { type: "response.output_item.done", item } });
    }
    const refused = (event: { type: string; item?: unknown }) => {
      const verdict = rules.fromClient(event, []);
      return "refused" in verdict ? verdict.param : undefined;
    };
    const refusedItem = (item: unknown) => refused({ type: "response.item.create", item });
    const asked = [
      refused({ type: "response.create" }),
      ...["user", "system", "developer", "assistant", undefined].map((role) => refusedItem({ type: "message", role })),
      ...["call_1", "call_2", undefined].map((call_id) => refusedItem({ type: "function_call_output", call_id })),
      refusedItem({ type: "function_call", call_id: "call_1" }),
      refusedItem(null),
    ];
    const role = "item.role";
    const allowed = [undefined, undefined, role, role, role, role, undefined, "item.call_id", "item.call_id"];
    const expected = [...allowed, "item.type", "item.type"];
    assertEquals(asked, delegation ? expected : expected.map(() => "type"));
  }
});
