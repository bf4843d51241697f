import { assert, assertEquals } from "@std/assert";
import { runDay } from "./_chaos_run.ts";

Deno.test("every utterance of three virtual hours arrives exactly once, or is reported, with and without drops", async () => {
  for (const meanMs of [Infinity, 420_000, 2_700_000]) {
    const { faults, recoveries, renewals, said } = await runDay({ hours: 3, meanMs, seed: 7 });
    assertEquals(faults, []);
    assert(said > 150);
    if (meanMs === Infinity) assertEquals([renewals, recoveries], [3, 0]);
    else assert(recoveries > 0);
  }
});
