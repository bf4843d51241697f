import { runMany } from "./_random_run.ts";

Deno.test("a session keeps its invariants in 1,000 random runs", async () => {
  await runMany(1000);
});
