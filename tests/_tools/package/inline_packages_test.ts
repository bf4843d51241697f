import { pathToFileURL } from "node:url";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../repository.ts";
import { importedNames, inlinePackages, vendorPath } from "./inline_packages.ts";

Deno.test("importedNames() collects the names that all modules import from a package", () => {
  const codes = [
    'import { decodeBase64 } from "@std/encoding/base64";\nimport { x } from "valibot";\n',
    'import { encodeBase64 as encode, decodeBase64 } from "@std/encoding/base64";\n * import { no } from "@std/encoding/x";\n',
    'import { encodeHex } from "@std/encoding/hex";\n',
  ];
  const names = importedNames(codes, "@std/encoding");
  assertEquals([...names].map(([specifier, found]) => [specifier, ...found]), [
    ["@std/encoding/base64", "decodeBase64", "encodeBase64"],
    ["@std/encoding/hex", "encodeHex"],
  ]);
});

Deno.test("inlinePackages() writes only the used code, with its license", async () => {
  const contents = await Deno.makeTempDir();
  try {
    await inlinePackages(new Map([["@std/encoding/base64", new Set(["decodeBase64"])]]), { root: ROOT, contents });
    const path = `${contents}/${vendorPath("@std/encoding/base64")}`;
    const code = await Deno.readTextFile(path);
    assertStringIncludes(code, "Copyright 2018-2026 the Deno authors");
    assert(!/\bencodeBase64\b|node_modules|\bimport\b/.test(code), code);
    const { decodeBase64 } = await import(pathToFileURL(path).href);
    assertEquals(decodeBase64("AQID"), new Uint8Array([1, 2, 3]));
  } finally {
    await Deno.remove(contents, { recursive: true });
  }
});
