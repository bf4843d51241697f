import { assert, assertEquals, assertRejects } from "@std/assert";
import { bundleSizeViolations, MAX_BUNDLE_BYTES, measureBundle } from "./bundle_size.ts";
import { createTempRepository } from "./temp_repository.ts";

Deno.test("bundleSizeViolations() accepts as many bytes as are allowed and refuses one more", () => {
  assertEquals(bundleSizeViolations(MAX_BUNDLE_BYTES), []);
  assertEquals(bundleSizeViolations(MAX_BUNDLE_BYTES + 1), [
    `mod.ts is ${MAX_BUNDLE_BYTES + 1} bytes gzipped: at most ${MAX_BUNDLE_BYTES} are allowed`,
  ]);
});

Deno.test("measureBundle() counts what is exported with all it imports, and neither names nor what is left unused", async () => {
  const noise = Array.from(crypto.getRandomValues(new Uint8Array(3000)), (byte) => byte.toString(16)).join("");
  const files = {
    "deno.json": "{}",
    "b.ts":
      `export const noise: string = "${noise}";\nexport function b(x: number): number {\n  const local${noise} = x * x;\n  return local${noise} + local${noise};\n}\n`,
  };
  await using small = await createTempRepository({ ...files, "mod.ts": 'export { b } from "./b.ts";\n' });
  await using large = await createTempRepository({ ...files, "mod.ts": 'export { noise } from "./b.ts";\n' });
  const bytes = [await measureBundle(small), await measureBundle(large)] as const;
  assert(bytes[0] < 200 && bytes[1] > 2500, `sizes are ${bytes}`);
});

Deno.test("measureBundle() rejects when there is nothing to bundle", async () => {
  await using temp = await createTempRepository({ "deno.json": "{}", "mod.ts": 'export * from "./missing.ts";\n' });
  await assertRejects(() => measureBundle(temp), Error, "Cannot bundle mod.ts");
});
