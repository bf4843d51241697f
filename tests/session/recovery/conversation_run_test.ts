import { assertEquals } from "@std/assert";
import { testSeed } from "../../_random.ts";
import { runConversation } from "./_conversation_run.ts";

Deno.test("the conversation survives random connection faults, and every loss is reported once", async () => {
  const seed = testSeed();
  for (let run = 0; run < 20; run++) assertEquals(await runConversation(seed + run), [], `seed ${seed + run}`);
});
