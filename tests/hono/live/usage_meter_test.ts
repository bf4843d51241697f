import { assertEquals } from "@std/assert";
import { LiveUsageMeter } from "../../../src/hono/_live/usage_meter.ts";

Deno.test("a relay's usage: the last seconds, and the tokens of every response that ended, once", () => {
  const meter = new LiveUsageMeter({ model: "gpt-live-1" }, undefined);
  for (const seconds of [15, 30, 30]) meter.take({ type: "session.usage.updated", usage: { seconds } });
  for (const end of ["cancelled", "completed", "failed", "incomplete"]) {
    const response = { id: end, usage: { input_tokens: 10, output_tokens: 1, total_tokens: 11 } };
    for (const type of ["response.created", `response.${end}`, `response.${end}`]) {
      meter.take({ type: "response.event", event: { type, response } });
    }
  }
  const { responses, seconds, tokens } = meter.total;
  assertEquals({ responses, seconds, tokens }, { responses: 4, seconds: 30, tokens: 44 });
});

Deno.test("the cost of a relay: its time at the price of its model, and the tokens at that of the backend's", () => {
  const prices = {
    "gpt-live-1": { minute: 1 },
    "gpt-live-1-2026": { minute: 6 },
    "backend": { "text output": 1_000_000 },
    "backend-2": { "text output": 2_000_000 },
    "backend-3": { "text output": 3_000_000 },
  } as const;
  const session = { model: "gpt-live-1", delegation: { responses: { model: "backend" } } };
  const meter = new LiveUsageMeter(session, prices);
  const time = (seconds: unknown) => meter.take({ type: "session.usage.updated", usage: { seconds } });
  const respond = (id: string, model?: string) => {
    const response = { id, model, usage: { output_tokens: 1 } };
    return meter.take({ type: "response.event", event: { type: "response.completed", response } });
  };
  assertEquals(meter.total, { lines: [], tokens: 0, responses: 0, seconds: 0, cost: 0 });
  assertEquals([time(60)?.cost, time(90)?.cost], [1, 0.5]);
  // A sum that does not grow, or is none, adds nothing.
  for (const seconds of [90, 30, Infinity, NaN, "120", undefined]) assertEquals(time(seconds), undefined);
  assertEquals([respond("resp_1")?.cost, respond("resp_2", "backend-2")?.cost, respond("resp_3")?.cost], [1, 2, 1]);
  meter.take({
    type: "session.updated",
    session: { model: "gpt-live-1-2026", delegation: { responses: { model: "backend-3" } } },
  });
  meter.take({ type: "session.updated", session: {} });
  assertEquals([time(100)?.cost, respond("resp_4")?.cost], [1, 3]);
  assertEquals(meter.take({ type: "response.event", event: { type: "response.output_text.delta" } }), undefined);
  assertEquals(meter.take({ type: "response.event", event: null }), undefined);
  const { cost, lines, responses, tokens } = meter.total;
  assertEquals({ cost, responses, tokens }, { cost: 10 + 7, responses: 4, tokens: 4 });
  assertEquals(lines.map(({ model }) => model), ["gpt-live-1-2026", "backend", "backend-2", "backend-3"]);
});
