import { assertEquals } from "@std/assert";
import { runtimeSteps } from "./runtimes.ts";

Deno.test("runtimeSteps() skips nothing except Chromium where it is not installed", () => {
  const names = (chromium?: string) =>
    runtimeSteps("", chromium).map(({ name }) => name.replace(/.* on (\w+).*/, "$1"));
  assertEquals(names(), ["Deno", "bun", "node", "workerd"]);
  assertEquals(names("/usr/bin/chromium"), ["Deno", "bun", "node", "workerd", "Chromium"]);
});
