import { assertEquals, assertRejects } from "@std/assert";
import { resend } from "../../src/_recovery/resend.ts";
import { ConnectionError } from "../../src/errors.ts";

const DROPPED = new ConnectionError("The connection ended", { kind: "closed" });

Deno.test("resend() repeats a command that the end of its connection has interrupted", async () => {
  const outcomes = [() => Promise.reject(DROPPED), () => Promise.reject(DROPPED), () => Promise.resolve("done")];
  assertEquals(await resend(() => outcomes.shift()!(), { state: "open" }), "done");
});

Deno.test("resend() gives a command up that ends the fifth connection, as it may be the cause", async () => {
  let runs = 0;
  const command = () => {
    runs++;
    return Promise.reject(DROPPED);
  };
  await assertRejects(() => resend(command, { state: "open" }), ConnectionError, "The connection ended");
  assertEquals(runs, 5);
});

Deno.test("resend() repeats neither after the end of the session nor a command that the server rejects", async () => {
  let runs = 0;
  const rejected = (error: Error) => () => {
    runs++;
    return Promise.reject(error);
  };
  await assertRejects(() => resend(rejected(DROPPED), { state: "closed" }), ConnectionError);
  await assertRejects(() => resend(rejected(new TypeError("No")), { state: "open" }), TypeError, "No");
  assertEquals(runs, 2);
});
