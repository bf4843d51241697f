import { assertEquals } from "@std/assert";
import { testSeed } from "../../_random.ts";
import { runActions } from "./_action_run.ts";

Deno.test("every command settles, and every loss is reported, under random actions and connection faults", async () => {
  const first = testSeed();
  for (let seed = first; seed < first + 12; seed++) assertEquals(await runActions(seed), [], `seed ${seed}`);
});
