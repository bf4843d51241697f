import { assertEquals, assertRejects } from "@std/assert";
import { pageFiles } from "../../examples/web/page_files.ts";

Deno.test("The demo reads a file of its page again after a failure, and only then", async () => {
  const { readTextFile } = Deno;
  let reads = 0;
  Deno.readTextFile = () => ++reads === 1 ? Promise.reject(new Error("busy")) : Promise.resolve("<html>");
  try {
    const files = pageFiles();
    await assertRejects(() => files.answer("/"), Error, "busy");
    for (let request = 0; request < 2; request++) {
      const answer = await files.answer("/");
      assertEquals([await answer.text(), answer.headers.get("content-type")], ["<html>", "text/html; charset=utf-8"]);
    }
    assertEquals(reads, 2);
    assertEquals((await files.answer("/constructor")).status, 404);
  } finally {
    Deno.readTextFile = readTextFile;
  }
});
