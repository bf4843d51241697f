import { assertEquals } from "@std/assert";
import { Hmac } from "../../../src/hono/_auth/hmac.ts";

Deno.test("Hmac.sign() agrees with RFC 4231", () => {
  const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  assertEquals(
    hex(new Hmac(new Uint8Array(20).fill(0x0b)).sign("Hi There")),
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  );
  assertEquals(
    hex(new Hmac(new TextEncoder().encode("Jefe")).sign("what do ya want for nothing?")),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

Deno.test("Hmac.verify() accepts only the right signature", () => {
  const hmac = new Hmac(new Uint8Array(32).fill(7));
  const right = hmac.sign("text");
  assertEquals([hmac.verify(right, "text"), hmac.verify(right, "test")], [true, false]);
  for (let bit = 0; bit < 256; bit++) {
    const wrong = right.slice();
    wrong[bit >> 3]! ^= 1 << (bit & 7);
    assertEquals(hmac.verify(wrong, "text"), false);
  }
  for (const length of [0, 31]) assertEquals(hmac.verify(right.subarray(0, length), "text"), false);
  assertEquals(hmac.verify(Uint8Array.of(...right, 0), "text"), false);
});
