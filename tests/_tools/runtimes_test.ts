import { assertEquals } from "@std/assert";
import { runtimeSteps } from "./runtimes.ts";

Deno.test("runtimeSteps() leaves nothing out but Chromium, and that only where there is none", () => {
  const names = (chromium?: string) =>
    runtimeSteps("", chromium).map(({ name }) => name.replace(/.* on (\w+).*/, "$1"));
  assertEquals(names(), ["Deno", "bun", "node", "workerd"]);
  assertEquals(names("/usr/bin/chromium"), ["Deno", "bun", "node", "workerd", "Chromium"]);
});
