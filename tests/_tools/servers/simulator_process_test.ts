import { assertEquals, assertRejects } from "@std/assert";
import { startSimulator } from "./simulator_process.ts";
import { createTempRepository } from "../temp_repository.ts";

const LISTENING = `
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(Deno.args.join(" "));
console.log("Listening on ws://127.0.0.1:" + listener.addr.port + "/v1/realtime");
await listener.accept();
`;

Deno.test("startSimulator() waits for the address, and stops the process when disposed", async () => {
  await using temp = await createTempRepository({ "deno.json": "{}", "examples/simulator/main.ts": LISTENING });
  let address: URL;
  {
    await using simulator = await startSimulator(temp.root);
    address = new URL(simulator?.url ?? "");
    assertEquals(address.pathname, "/v1/realtime");
  }
  await assertRejects(() => Deno.connect({ port: Number(address.port) }), Deno.errors.ConnectionRefused);
});

Deno.test("startSimulator() rejects when the command ends before it listens", async () => {
  await using temp = await createTempRepository({
    "deno.json": "{}",
    "examples/simulator/main.ts": 'console.log("No port"); Deno.exit(1);',
  });
  await assertRejects(() => startSimulator(temp.root), Error, "ended with code 1: No port");
});

Deno.test("startSimulator() can be disposed after the process has ended", async () => {
  await using temp = await createTempRepository({
    "deno.json": "{}",
    "examples/simulator/main.ts": `console.log("Listening on ws://127.0.0.1:1/v1/realtime"); Deno.exit(1);`,
  });
  const simulator = await startSimulator(temp.root);
  await simulator?.ended;
  await simulator?.[Symbol.asyncDispose]();
});
