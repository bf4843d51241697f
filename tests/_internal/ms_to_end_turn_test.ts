import { assertEquals } from "@std/assert";
import { msToEndTurn } from "../../src/_internal/ms_to_end_turn.ts";

Deno.test("msToEndTurn() is the silence that the server reports, unless it makes no sense", () => {
  for (const [silence_duration_ms, ms] of [[0, 0], [200, 200], [10_000, 10_000]] as const) {
    assertEquals(msToEndTurn({ type: "server_vad", silence_duration_ms }), ms);
  }
  for (const silence_duration_ms of [-1, 10_001, 3_600_000, Infinity, NaN, "300", null, undefined, {}]) {
    assertEquals(msToEndTurn({ type: "server_vad", silence_duration_ms }), 500, `${silence_duration_ms}`);
  }
  assertEquals([msToEndTurn(undefined), msToEndTurn({ type: "of the future" })], [500, 500]);
});

Deno.test("msToEndTurn() is the longest wait of semantic turn detection, by its eagerness", () => {
  const waits = { low: 8_000, medium: 4_000, high: 2_000, auto: 4_000, "of the future": 8_000 };
  for (const [eagerness, ms] of Object.entries(waits)) {
    assertEquals(msToEndTurn({ type: "semantic_vad", eagerness, silence_duration_ms: 1 }), ms, eagerness);
  }
  for (const eagerness of [undefined, null, 5]) assertEquals(msToEndTurn({ type: "semantic_vad", eagerness }), 4_000);
});
