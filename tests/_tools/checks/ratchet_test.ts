import { assertEquals } from "@std/assert";
import { describeRatchet, ratchetViolations } from "./ratchet.ts";

const OPEN = { what: "debts", value: 5, bound: 7, target: 0 };

Deno.test("ratchetViolations() accepts a measure that has not grown or has reached its target", () => {
  const met = { what: "names", value: 160, bound: 0, target: 160 };
  assertEquals(ratchetViolations([OPEN, { ...OPEN, value: 7 }, { ...OPEN, value: 0 }, met]), []);
  assertEquals(ratchetViolations([{ ...OPEN, value: 8 }, { ...met, value: 161 }]), [
    "debts: at most 7 are allowed: current value is 8",
    "names: at most 160 are allowed: current value is 161",
  ]);
});

Deno.test("describeRatchet() lists the targets that are not reached", () => {
  assertEquals(describeRatchet([OPEN, { ...OPEN, value: 7 }, { ...OPEN, value: 0 }, { ...OPEN, value: 0, bound: 0 }]), [
    "debts: 5, target 0: lower the bound 7",
    "debts: 7, target 0",
    "debts: 0, target met: lower the bound 7 to 0",
  ]);
});
