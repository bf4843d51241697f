import { assertEquals } from "@std/assert";
import { forbiddenTextViolations } from "./forbidden_text.ts";

function violations(path: string, ...lines: readonly string[]): readonly string[] {
  return forbiddenTextViolations({ files: new Map([[path, lines.join("\n")]]) });
}

Deno.test("forbiddenTextViolations() finds machine paths, registry hosts and keys in every file", () => {
  const lines = [
    `see ${"/wo"}rk/main/mod.ts`,
    `file://${"/tm"}p/x`,
    `"${"/ro"}ot/.cache"`,
    `https://${"registry"}.npmjs.org/valibot`,
    `"${"tarball"}": "https://example.com/a.tgz"`,
    `apiKey: "${"sk"}-proj-4fA8bC1dE2fG3hI5"`,
    `${"ek"}_0123456789abcdefABCDEF`,
  ];
  assertEquals(violations("docs/notes.md", "fine", ...lines), [
    "docs/notes.md:2 has a path of one machine",
    "docs/notes.md:3 has a path of one machine",
    "docs/notes.md:4 has a path of one machine",
    "docs/notes.md:5 has the host of a package registry",
    "docs/notes.md:6 has the host of a package registry",
    "docs/notes.md:7 has what looks like a secret API key",
    "docs/notes.md:8 has what looks like a client secret",
  ]);
});

Deno.test("forbiddenTextViolations() finds skipped tests, nameless tasks and silenced checks in code", () => {
  const lines = [
    `Deno.test${".on"}ly("a", () => {});`,
    `Deno.test({ ${"ign"}ore: true })`,
    `test${".sk"}ip("a")`,
    `// ${"TO"}DO: later`,
    `// ${"@ts-"}ignore`,
    `// ${"deno-lint-"}ignore-file no-explicit-any`,
  ];
  assertEquals(violations("tests/a_test.ts", ...lines), [
    "tests/a_test.ts:1 has a test left out",
    "tests/a_test.ts:2 has a test left out",
    "tests/a_test.ts:3 has a test left out",
    "tests/a_test.ts:4 has a to-do without the number of its issue",
    "tests/a_test.ts:5 has a check switched off",
    "tests/a_test.ts:6 has a check switched off",
  ]);
  assertEquals(violations("NOTES.md", ...lines), []);
});

Deno.test("forbiddenTextViolations() finds paths and URLs of files that a folder with a space breaks", () => {
  const lines = [
    `new URL(".", import.meta.${"url"}).pathname`,
    `import("${"file:"}//\${root}/mod.ts")`,
    "fileURLToPath(new URL('.', import.meta.url)); new URL(request.url).pathname; new URL(to, `file:///${path}`)",
  ];
  const what = "a file's path that was made of a URL without decoding, or the reverse";
  assertEquals(violations("tests/a.ts", ...lines), [`tests/a.ts:1 has ${what}`, `tests/a.ts:2 has ${what}`]);
});

Deno.test("forbiddenTextViolations() accepts similar but harmless text", () => {
  assertEquals(
    violations(
      "src/a.ts",
      "import './tmp/file.ts'; // or https://example.com/root/page",
      'const key = "sk-invalid"; const other = "sk-invalid-key-of-a-test";',
      'const secret = "ek_test"; const task = "task-scheduler-number-12345678";',
      `// ${"TO"}DO(#12): drop this when Node 22 is gone`,
      "// @ts-expect-error -- the type refuses it",
    ),
    [],
  );
});
