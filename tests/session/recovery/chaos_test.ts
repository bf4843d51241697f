import { assert, assertEquals } from "@std/assert";
import { storm } from "./_socket_storm.ts";
import { runDay } from "./_virtual_day.ts";

Deno.test("every utterance of three virtual hours arrives exactly once or is reported lost, with and without drops", async () => {
  for (const meanMs of [Infinity, 420_000, 2_700_000]) {
    const { faults, recoveries, renewals, said } = await runDay({ hours: 3, meanMs, seed: 7 });
    assertEquals(faults, []);
    assert(said > 150);
    if (meanMs === Infinity) assertEquals([renewals, recoveries], [3, 0]);
    else assert(recoveries > 0);
  }
});

Deno.test("sessions on faulty sockets all settle, and leave nothing open", async () => {
  // A busy machine must not mistake its own slowness for a dead connection.
  const { notOpened, opened, wrong } = await storm({ sessions: 40, atOnce: 20, seed: 11, speed: 8 });
  assertEquals(wrong, []);
  assertEquals(notOpened + opened, 40);
  assert(opened > 0);
});
