import { assertEquals, assertStringIncludes } from "@std/assert";
import { runDeno } from "./command.ts";

Deno.test("runDeno() returns the code and both outputs, and passes the environment on", async () => {
  const script = 'console.log(Deno.env.get("GREETING")); console.error("bye"); Deno.exit(3);';
  const { code, output } = await runDeno(["eval", script], { cwd: ".", env: { GREETING: "hello" } });
  assertEquals(code, 3);
  assertStringIncludes(output, "hello\n");
  assertStringIncludes(output, "bye\n");
});

Deno.test("runDeno() stops a command that takes too long, and its child processes", async () => {
  const script = 'await new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"] }).spawn().status;';
  const { code, output } = await runDeno(["eval", script], { cwd: ".", timeoutMs: 500 });
  assertEquals(code, 124);
  assertStringIncludes(output, "Stopped after 500 ms");
});

Deno.test("runDeno() has no colours even where they are forced", async () => {
  // In a process of its own, as all tests share these variables.
  const script = `import { runDeno } from "${import.meta.resolve("./command.ts")}";
    const { output } = await runDeno(["eval", 'console.log("%cred", "color: red")'], { cwd: "." });
    console.log(JSON.stringify(output));`;
  const { output } = await runDeno(["eval", script], { cwd: ".", env: { FORCE_COLOR: "1" } });
  assertStringIncludes(output, JSON.stringify("red\n"));
});

Deno.test("runDeno() reaches servers on this machine past a proxy", async () => {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("here"));
  const fetching = `console.log(await (await fetch("http://127.0.0.1:${server.addr.port}/")).text());`;
  // In a process of its own, as all tests share these variables.
  const script = `import { runDeno } from "${import.meta.resolve("./command.ts")}";
    const { output } = await runDeno(["eval", ${JSON.stringify(fetching)}], { cwd: "." });
    console.log(output, Deno.env.get("NO_PROXY"));`;
  const env = { HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "example.com", no_proxy: "" };
  const { output } = await runDeno(["eval", script], { cwd: ".", env });
  assertEquals(output.trim(), "here\n example.com");
});
