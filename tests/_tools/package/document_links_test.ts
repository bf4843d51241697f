import { assertEquals } from "@std/assert";
import { linkViolations, withAbsoluteLinks } from "./document_links.ts";
import { PACKAGE_INFO } from "./package_info.ts";

const CONFIGURATION = JSON.stringify({ publish: { include: ["mod.ts", "README.md", "docs/guide.md"] } });
const { repository } = PACKAGE_INFO;

Deno.test("withAbsoluteLinks() rewrites relative links and images from any folder, and nothing else", () => {
  const text = [
    "[a](SECURITY.md), [b](./examples/demo#run) and [c](../README.md); ![picture](demo.svg) [d](d.md 'a title')",
    "[kept](#part) [kept](https://example.com/x.md) [kept](mailto:me@example.com) `code`",
    "```md\n[kept](SECURITY.md)\n```",
    "[`e`](e.md)",
  ];
  assertEquals(withAbsoluteLinks(text.join("\n"), "docs/guide.md", "https://host/me/lib").split("\n"), [
    "[a](https://host/me/lib/blob/main/docs/SECURITY.md), [b](https://host/me/lib/blob/main/docs/examples/demo#run) and " +
    "[c](https://host/me/lib/blob/main/README.md); ![picture](https://host/me/lib/raw/main/docs/demo.svg) " +
    "[d](https://host/me/lib/blob/main/docs/d.md 'a title')",
    text[1],
    ...text[2]!.split("\n"),
    "[`e`](https://host/me/lib/blob/main/docs/e.md)",
  ]);
});

Deno.test("linkViolations() accepts only links that work everywhere and have an existing target", () => {
  const files = new Map([
    ["deno.json", CONFIGURATION],
    ["CONTRIBUTING.md", "[fine](README.md)"],
    ["README.md", `[a](${repository}/blob/main/SECURITY.md#x) [b](${repository}/blob/main/examples/demo)`],
    ["SECURITY.md", ""],
    ["docs/guide.md", "[a](https://example.com/blob/main/none.md)"],
    ["examples/demo/main.ts", ""],
  ]);
  assertEquals(linkViolations({ files }), []);
  files.set("docs/guide.md", `[a](../README.md) [b](${repository}/blob/main/none.md)`);
  files.delete("SECURITY.md");
  assertEquals(linkViolations({ files }), [
    "README.md links to SECURITY.md, which does not exist",
    "docs/guide.md has links that work in the repository only: run deno task links",
    "docs/guide.md links to none.md, which does not exist",
  ]);
});
