import { assertStringIncludes } from "@std/assert";
import { ROOT } from "../repository.ts";
import { OLDEST_TYPESCRIPT } from "./packed_module.ts";

Deno.test("README names the oldest TypeScript that the tarball is tried with", async () => {
  const [, version = "?"] = /@(\d+\.\d+)/.exec(OLDEST_TYPESCRIPT) ?? [];
  assertStringIncludes(await Deno.readTextFile(`${ROOT}/README.md`), `TypeScript ${version} or newer`);
});
