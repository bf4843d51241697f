import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { isTelling, secretStripper, withoutSecrets } from "../../src/_internal/strip_secrets.ts";

const KEY = "sk-proj-CANARY/0123+456789_abcdef";
const strip = secretStripper([KEY]);

const unicode = (text: string) =>
  Array.from(text, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const percent = (text: string) => Array.from(text, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`).join("");
const entities = (text: string) => Array.from(text, (c) => `&#${c.charCodeAt(0)};`).join("");

/** Spellings of a key in a text. */
const SPELLINGS: Readonly<Record<string, string>> = {
  "as it is": KEY,
  "in JSON": JSON.stringify(KEY).slice(1, -1).replaceAll("/", "\\/"),
  "in JSON, as code units": unicode(KEY),
  "in JSON in JSON": JSON.stringify(JSON.stringify(unicode(KEY))),
  "in JSON, four times": unicode(KEY).replaceAll("\\", "\\".repeat(8)),
  "partly escaped": `sk\\u002dproj%2DCANARY\\/0123%2B456789_abc&#100;ef`,
  "in an address": encodeURIComponent(KEY),
  "in an address, all of it": percent(KEY),
  "in an address in an address": encodeURIComponent(percent(KEY)),
  "in HTML": entities(KEY),
  "in HTML, in hexadecimal": KEY.replaceAll("-", "&#x2D;"),
  "in HTML in HTML": KEY.replaceAll("-", "&amp;#45;"),
  "with escapes of JavaScript": KEY.replaceAll("-", "\\x2d"),
};

/** Parts of a key that could still be used. */
function assertGone(text: string, name: string): void {
  assert(!/CANARY|0123|456789/i.test(decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, ""))), `${name}: ${text}`);
  assert(text.includes("[API key]"), `${name}: ${text}`);
}

Deno.test("secretStripper() removes a key in any spelling and at any position", () => {
  for (const [name, spelling] of Object.entries(SPELLINGS)) {
    assertGone(strip(spelling), name);
    const text = strip(`{"a":"before ${spelling}, ${spelling} after","b":1}`);
    assertGone(text, name);
    assertEquals(text.replaceAll(/"?\\*"?\[API key\]\\*"?"?/g, "K"), `{"a":"before K, K after","b":1}`, name);
  }
});

Deno.test("secretStripper() leaves valid JSON", () => {
  for (const spelling of [KEY, unicode(KEY), JSON.stringify(KEY).slice(1, -1), KEY.replaceAll("/", "\\/")]) {
    const frame = `{"x":"\\\\${spelling}\\n","${spelling}":"\\"${spelling}"}`;
    const read = JSON.parse(strip(frame));
    assertEquals(Object.keys(read), ["x", "[API key]"]);
  }
});

Deno.test("secretStripper() removes a key from base64 at any offset, and from base64url", () => {
  for (const before of ["", "B", "Be", "Bearer ", "user:"]) {
    for (const after of ["", "x", "xy"]) {
      const base64 = btoa(before + KEY + after);
      for (const text of [base64, base64.replaceAll("+", "-").replaceAll("/", "_")]) {
        const stripped = strip(`Basic ${text}.`);
        const rest = stripped.split("[API key]").flatMap((part) => part.split(/[^\w+/-]/)).map((part) => {
          const standard = part.replaceAll("-", "+").replaceAll("_", "/");
          return part.length % 4 === 1 ? "" : atob(standard);
        });
        assert(stripped.includes("[API key]") && !rest.join().includes("CANARY"), `${before}|${after}: ${stripped}`);
      }
    }
  }
});

// Without a limit, 100,000 backslashes in a row take 11 s, and ten times as many take a hundred times as long.
Deno.test("secretStripper() takes linear time, whatever the text repeats", () => {
  for (const unit of ["\\", "s\\", "/", "%", "%25", "25", "&amp;", "amp;", "&#0", "&#x0", `${KEY.slice(0, -1)}\\`]) {
    const text = `%${unit.repeat(1_000_000 / unit.length)}`;
    assertStrictEquals(strip(text), text);
  }
});

Deno.test("secretStripper() returns a text without secrets unchanged, and removes several", () => {
  const texts = ["", "sk-proj-CANAR", `{"audio":"${"AAAA".repeat(1000)}","x":"\\u0073k-other %73 &#115;"}`];
  for (const text of texts) assertStrictEquals(strip(text), text);
  assertEquals(secretStripper([])("sk-x"), "sk-x");
  assertEquals(secretStripper([undefined, "", "  "])("sk-x"), "sk-x");
  assertEquals(secretStripper(["sk-1", "sk-1-longer"])("sk-1-longer and sk-1"), "[API key] and [API key]");
  assertEquals(secretStripper([" sk-pasted\n"])("sk-pasted"), "[API key]");
  assertEquals(secretStripper(["a.b(c)[d]*"])("a.b(c)[d]* axb a.b\\u0028c)[d]*"), "[API key] axb [API key]");
  // The case of an escape does not matter, but that of a key does.
  assertEquals(secretStripper(["a-b"])("a%2db a%2Db a%2DB A%2Db"), "[API key] [API key] a%2DB A%2Db");
  assertEquals([isTelling("test"), isTelling("sk-t"), isTelling("a longer key")], [false, true, true]);
});

Deno.test("withoutSecrets() removes a key from an error, its causes, its properties and its stack", () => {
  const deep = new Error(KEY, { cause: { list: [{ [KEY]: `Bearer ${KEY}` }] } });
  const error = Object.assign(new TypeError(`No ${KEY}`, { cause: deep }), {
    url: `https://a.test/?key=${encodeURIComponent(KEY)}`,
    address: new URL(`https://a.test/?key=${KEY}`),
    body: { error: { message: unicode(KEY) } },
    errors: [new DOMException(KEY, "AbortError")],
    count: 1,
  });
  const { errors } = error;
  const stripped = withoutSecrets(error, strip);
  assertStrictEquals(stripped, error);
  const shown = Deno.inspect(stripped, { depth: 20 });
  assert(!shown.includes("CANARY") && !shown.includes("0123"), shown);
  assertEquals([error.message, error.count, error.name], ["No [API key]", 1, "TypeError"]);
  assertStrictEquals(error.errors, errors);
  assertEquals([errors[0]!.name, errors[0]!.message], ["AbortError", "[API key]"]);
});

Deno.test("withoutSecrets() leaves the stack writable, as tools that map sources rewrite it", () => {
  const error = withoutSecrets(new Error(KEY), strip) as Error;
  assert(!error.stack!.includes("CANARY"), error.stack);
  error.stack = "at source.ts:1";
  assertEquals(error.stack, "at source.ts:1");
});

Deno.test("withoutSecrets() returns everything else unchanged", () => {
  const loop: Record<string, unknown> = { a: 1, error: new Error("x") };
  loop.self = loop;
  for (const value of [loop, undefined, null, 1, "x", [1], new Error("x"), new DOMException("x"), new Map(), () => 1]) {
    assertStrictEquals(withoutSecrets(value, strip), value);
  }
  const frozen = Object.freeze(new RangeError(KEY, { cause: KEY }));
  const mended = withoutSecrets(frozen, strip) as Error;
  assertEquals([mended.message, mended.name, mended.cause], ["[API key]", "RangeError", "[API key]"]);
});
