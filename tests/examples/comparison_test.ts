import { assert, assertEquals, assertMatch } from "@std/assert";
import { measureLevel, readWav } from "../../src/audio/mod.ts";
import { countLines, measureComparison } from "../docs/_comparison.ts";
import { createCertificate } from "../_tools/servers/certificate.ts";
import { runDeno, TEST_CONFIG } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";

Deno.test("the agent of each package answers the question with the tool's help", async () => {
  await using certificate = await createCertificate();
  const { certFile, keyFile } = certificate;
  const options = ["--scenario", "examples/demo/scenario.json", "--tls-cert", certFile, "--tls-key", keyFile];
  await using simulator = await startSimulator(ROOT, options);
  const url = simulator.url.replace(/^ws/, "http").replace("127.0.0.1", "localhost").replace(/\/realtime$/, "");
  const env = {
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: url,
    DENO_CERT: certFile,
    NODE_EXTRA_CA_CERTS: certFile,
    OPENAI_AGENTS_DISABLE_TRACING: "1",
  };
  const folder = await Deno.makeTempDir();
  try {
    await Promise.all(["oai_rt_edge", "openai", "openai_agents"].map(async (name) => {
      const answer = `${folder}/${name}.wav`;
      const args = [`examples/comparison/${name}.ts`, "examples/assets/question.wav", answer];
      const run = ["run", "-A", "--no-check", "--cert", certFile, TEST_CONFIG, ...args];
      const { code, output } = await runDeno(run, { cwd: ROOT, env, timeoutMs: 60_000 });
      assertEquals(code, 0, `${name}: ${output}`);
      assertMatch(output, /^You: What is the weather like in Paris today\?$/m, name);
      assertMatch(output, /^Tool: get_weather \{"city":"Paris","celsius":21,"sky":"sunny"\}$/m, name);
      assertMatch(output, /^Assistant: It is sunny in Paris today/m, name);
      const { samples, sampleRate } = readWav(await Deno.readFile(answer));
      assert(samples.length / sampleRate > 3 && measureLevel(samples).rmsDbfs > -30, name);
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("countLines() counts lines of code, without comments and empty ones", () => {
  assertEquals(countLines("// A comment\n\nimport a from 'a';\n  // another\na(); // c\n"), 2);
});

Deno.test("the README has the lines of the comparison: deno task comparison writes them", async () => {
  const readme = await Deno.readTextFile(`${ROOT}/README.md`);
  for (const { name, lines } of await measureComparison({ sizes: false })) {
    assertMatch(readme, new RegExp(`^\\| lines for the same agent .*\\b${lines}\\b`, "m"), name);
  }
});
