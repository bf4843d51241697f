import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { decodeBase64, encodeBase64 } from "../../src/audio/base64.ts";

// Node 22 and 24 have no fromBase64(), and their Buffer accepts invalid base64.

test("encodeBase64() and decodeBase64() agree with Buffer, with or without padding and white space", () => {
  for (let length = 0; length < 100; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    const text = Buffer.from(bytes).toString("base64");
    assert.equal(encodeBase64(bytes), text);
    for (const form of [text, text.replace(/=+$/, ""), `${text.slice(0, 3)}\n${text.slice(3)}`]) {
      assert.deepEqual(decodeBase64(form), bytes);
    }
  }
});

test("decodeBase64() rejects invalid base64 on every runtime", () => {
  for (const text of ["A", "AA=", "A===", "AA==AA==", "!!!!", "AA-_", "AAA\u0141", "AAA\u2341", "Zg==\0"]) {
    assert.throws(() => decodeBase64(text), SyntaxError, JSON.stringify(text));
  }
});

test("decodeBase64() returns plain bytes with their own memory", () => {
  const bytes = decodeBase64("AAAA");
  assert.equal(bytes.constructor, Uint8Array);
  assert.equal(bytes.buffer.byteLength, 3);
});
