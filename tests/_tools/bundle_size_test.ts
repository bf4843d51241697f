import { assert, assertEquals, assertRejects } from "@std/assert";
import { describeSizes, type MeasuredSize, measureSizes, SIZE_BUDGETS, sizeViolations } from "./bundle_size.ts";
import { createTempRepository } from "./temp_repository.ts";

const SIZE: MeasuredSize = { name: "f", module: "mod.ts", bytes: 900, maxBytes: 1000 };

Deno.test("sizeViolations() accepts the maximum size, and rejects one byte more", () => {
  assertEquals(sizeViolations([SIZE, { ...SIZE, bytes: 1000 }]), []);
  assertEquals(sizeViolations([SIZE, { ...SIZE, bytes: 1001 }, { ...SIZE, name: "*", bytes: 2000 }]), [
    "f takes 1001 bytes gzipped: at most 1000 are allowed",
    "everything in mod.ts takes 2000 bytes gzipped: at most 1000 are allowed",
  ]);
});

Deno.test("describeSizes() shows the target until it is reached", () => {
  assertEquals(describeSizes([SIZE, { ...SIZE, targetBytes: 800 }, { ...SIZE, targetBytes: 900 }]), [
    "f: 0.9 kB, at most 1.0",
    "f: 0.9 kB, at most 1.0, target 0.8",
    "f: 0.9 kB, at most 1.0",
  ]);
});

Deno.test("SIZE_BUDGETS cover the budgets of the design, and no maximum is below its target", () => {
  for (const name of ["connectWebSocket", "connect", "connectVoice", "*", "RealtimeRest"]) {
    assert(SIZE_BUDGETS.some((budget) => budget.name === name), name);
  }
  for (const { maxBytes, targetBytes = 0 } of SIZE_BUDGETS) assert(maxBytes >= targetBytes);
});

Deno.test("measureSizes() measures a name with its imports, without unused code, minified", async () => {
  const noise = Array.from(crypto.getRandomValues(new Uint8Array(3000)), (byte) => byte.toString(16)).join("");
  await using temp = await createTempRepository({
    "deno.json": "{}",
    "b.ts":
      `export const noise: string = "${noise}";\nexport function b(x: number): number {\n  const local${noise} = x * x;\n  return local${noise} + local${noise};\n}\n`,
    "mod.ts": 'export { b, noise } from "./b.ts";\n',
  });
  const budgets = ["b", "noise", "*"].map((name) => ({ name, module: "mod.ts", maxBytes: 0 }));
  const [small, large, all] = (await measureSizes(temp, budgets)).map(({ bytes }) => bytes);
  assert(small! < 200 && large! > 2500 && all! > large!, `sizes are ${[small, large, all]}`);
});

Deno.test("measureSizes() rejects when there is nothing to bundle", async () => {
  await using temp = await createTempRepository({ "deno.json": "{}", "mod.ts": "export const a = 1;\n" });
  const measure = (name: string, module: string) => measureSizes(temp, [{ name, module, maxBytes: 0 }]);
  await assertRejects(() => measure("b", "mod.ts"), Error, "Cannot measure b as mod.ts does not export it");
  await assertRejects(() => measure("*", "missing.ts"), Error, "Cannot bundle");
});
