import { Buffer } from "node:buffer";
import { assertEquals, assertNotStrictEquals, assertRejects, assertThrows } from "@std/assert";
import { decodePortably, encodePortably } from "../../src/audio/_portable_base64.ts";
import { decodeBase64, decodeBase64Stream, encodeBase64, encodeBase64Stream } from "../../src/audio/base64.ts";
import { randomBytes, through } from "./_helpers.ts";

/** Test vectors of RFC 4648, and the two characters that base64url has otherwise. */
const VECTORS: readonly [string, string][] = [
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg=="],
  ["fooba", "Zm9vYmE="],
  ["foobar", "Zm9vYmFy"],
  ["\x3e\x3f~?", "Pj9+Pw=="],
  ["???", "Pz8/"],
];

const BAD = [
  "A",
  "AAAAA",
  "AA=",
  "AAA==",
  "A===",
  "AAAA=",
  "====",
  "AA==AA==",
  "!!!!",
  "AA-_",
  "é",
  "AA\u00a0A",
  "Zg==\0",
  "AA AA=A=",
  "AAA\u0141",
  "AAA\u2341",
  "AAAA\ud83d\ude00AA",
];

const FORMS = [
  { name: "the runtime's own", encode: encodeBase64, decode: decodeBase64 },
  {
    name: "Node's Buffer",
    encode: (bytes: Uint8Array) => encodePortably(bytes, Buffer),
    decode: (text: string) => decodePortably(text, Buffer),
  },
  {
    name: "btoa() and atob()",
    // Deno has Buffer as a global, too.
    encode: (bytes: Uint8Array) => withoutBuffer(() => encodePortably(bytes)),
    decode: (text: string) => withoutBuffer(() => decodePortably(text)),
  },
];

function withoutBuffer<T>(act: () => T): T {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, "Buffer");
  Reflect.deleteProperty(globalThis, "Buffer");
  try {
    return act();
  } finally {
    if (descriptor) Object.defineProperty(globalThis, "Buffer", descriptor);
  }
}

for (const { name, encode, decode } of FORMS) {
  Deno.test(`encodeBase64() and decodeBase64() agree with the RFC's vectors: ${name}`, () => {
    for (const [text, base64] of VECTORS) {
      const bytes = new TextEncoder().encode(text);
      assertEquals(encode(bytes), base64);
      assertEquals(decode(base64), bytes);
    }
  });

  Deno.test(`decodeBase64() accepts missing padding and white space: ${name}`, () => {
    assertEquals(decode("Zg"), new TextEncoder().encode("f"));
    assertEquals(decode("Zm8"), new TextEncoder().encode("fo"));
    assertEquals(decode(" Zm\r\n9v\tYg\f==\n"), new TextEncoder().encode("foob"));
  });

  Deno.test(`encodeBase64() reads only the part that a view covers, and does not change it: ${name}`, () => {
    const memory = randomBytes(1000, 7);
    const before = memory.slice();
    const view = memory.subarray(3, 998);
    assertEquals(decode(encode(view)), view);
    assertEquals(memory, before);
  });

  Deno.test(`encodeBase64() and decodeBase64() agree with Buffer for every length: ${name}`, () => {
    for (let length = 0; length < 200; length++) {
      const bytes = randomBytes(length, length + 1);
      const text = Buffer.from(bytes).toString("base64");
      assertEquals(encode(bytes), text);
      assertEquals(decode(text), bytes);
      assertEquals(decode(text.replace(/=+$/, "")), bytes);
    }
    const long = randomBytes(100_001, 3);
    assertEquals(decode(encode(long)), long);
  });

  Deno.test(`decodeBase64() returns plain arrays with their own memory: ${name}`, () => {
    const [a, b] = [decode("AAAA"), decode("AAAA")];
    assertNotStrictEquals(a.buffer, b.buffer);
    assertEquals([a.constructor, a.byteOffset, a.buffer.byteLength], [Uint8Array, 0, 3]);
  });

  Deno.test(`decodeBase64() rejects invalid base64: ${name}`, () => {
    for (const text of BAD) assertThrows(() => decode(text), Error, undefined, JSON.stringify(text));
  });
}

Deno.test("encodeBase64() rejects samples, of which it would keep one byte each, and everything else that is not bytes", () => {
  for (const wrong of [new Int16Array([300]), new Float32Array(1), new ArrayBuffer(2), [1], "AAAA", undefined, null]) {
    const message = "Cannot encode audio as it must be a Uint8Array: convert samples with toBytes()";
    assertThrows(() => encodeBase64(wrong as unknown as Uint8Array), TypeError, message);
  }
  assertEquals(encodeBase64(new Uint8ClampedArray([1, 2, 3]) as unknown as Uint8Array), "AQID");
});

Deno.test("encodeBase64() and decodeBase64() handle fifteen mebibytes", () => {
  const bytes = new Uint8Array(15 * 1024 * 1024).fill(0xa5);
  const text = encodeBase64(bytes);
  assertEquals(text.length, 20 * 1024 * 1024);
  assertEquals(decodeBase64(text).length, bytes.length);
});

Deno.test("decodeBase64() throws a SyntaxError that does not repeat the text", () => {
  for (const text of BAD) {
    const error = assertThrows(() => decodeBase64(text), SyntaxError, "Cannot decode audio as it is not base64");
    assertEquals(error.message.includes(text), false);
  }
});

Deno.test("encodeBase64() and decodeBase64() work without the runtime's own methods", () => {
  const decoder = Object.getOwnPropertyDescriptor(Uint8Array, "fromBase64");
  const encoder = Object.getOwnPropertyDescriptor(Uint8Array.prototype, "toBase64");
  try {
    Reflect.deleteProperty(Uint8Array, "fromBase64");
    Reflect.deleteProperty(Uint8Array.prototype, "toBase64");
    assertEquals(encodeBase64(new Uint8Array([1, 2, 3, 4])), "AQIDBA==");
    assertEquals(decodeBase64("AQIDBA=="), new Uint8Array([1, 2, 3, 4]));
    for (const text of BAD) assertThrows(() => decodeBase64(text), SyntaxError);
  } finally {
    if (decoder) Object.defineProperty(Uint8Array, "fromBase64", decoder);
    if (encoder) Object.defineProperty(Uint8Array.prototype, "toBase64", encoder);
  }
});

Deno.test("encodeBase64Stream() encodes every chunk separately, and skips empty ones", async () => {
  const chunks = [[1], [], [2, 3]].map((bytes) => new Uint8Array(bytes));
  assertEquals(await through(chunks, encodeBase64Stream()), ["AQ==", "AgM="]);
});

Deno.test("decodeBase64Stream() decodes every string separately", async () => {
  assertEquals(await through(["AQ==", "", "AgM="], decodeBase64Stream()), [
    new Uint8Array([1]),
    new Uint8Array([2, 3]),
  ]);
});

Deno.test("decodeBase64Stream() errors on a string that is not base64", async () => {
  await assertRejects(() => through(["AQ==", "?"], decodeBase64Stream()), SyntaxError, "not base64");
});
