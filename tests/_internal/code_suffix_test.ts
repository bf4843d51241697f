import { assertEquals } from "@std/assert";
import { codeSuffix } from "../../src/_internal/wire.ts";

Deno.test("codeSuffix() returns the code of the deepest cause that has one", () => {
  const withCode = (code: unknown, cause?: unknown) => Object.assign(new Error("failed", { cause }), { code });
  const failed = (cause: unknown) => new TypeError("fetch failed", { cause });
  assertEquals(codeSuffix(failed(withCode("ECONNREFUSED"))), " (ECONNREFUSED)");
  assertEquals(codeSuffix(failed(withCode("UND_ERR_SOCKET", withCode("ECONNRESET")))), " (ECONNRESET)");
  assertEquals(codeSuffix(withCode("ENOTFOUND", new Error("without a code"))), " (ENOTFOUND)");
  assertEquals(codeSuffix(failed({ code: "EPIPE" }), "connect failed"), " (EPIPE)");
  assertEquals(codeSuffix(failed({ code: "EPIPE" }), "write EPIPE"), "");
});

Deno.test("codeSuffix() returns nothing for errors without a string code", () => {
  for (const code of [undefined, null, 20, {}]) {
    assertEquals(codeSuffix(Object.assign(new Error("failed"), { code })), "", `${code}`);
  }
  for (const error of [undefined, null, "ECONNREFUSED", 5]) assertEquals(codeSuffix(error), "");
});

Deno.test("codeSuffix() terminates for an error that is its own cause", () => {
  const error = new Error("failed");
  error.cause = error;
  assertEquals(codeSuffix(error), "");
});
