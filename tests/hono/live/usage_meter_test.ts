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
