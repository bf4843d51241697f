import { assert, assertEquals, assertMatch } from "@std/assert";
import { measureLevel, readWav } from "../../src/audio/mod.ts";
import { comparisonTable, countLines, measureComparison } from "../docs/_comparison.ts";
import { createCertificate } from "../_tools/servers/certificate.ts";
import { runDeno, TEST_CONFIG } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";

/** How long the assistant's farewell is, in milliseconds. */
const FAREWELL_MS = readWav(await Deno.readFile(`${ROOT}/examples/assets/goodbye.wav`)).samples.length / 24;

Deno.test("the agent of each package answers with the tool's result, and is truncated at the heard position", async () => {
  await using certificate = await createCertificate();
  const { certFile, keyFile } = certificate;
  const options = ["--scenario", "examples/comparison/scenario.json", "--tls-cert", certFile, "--tls-key", keyFile];
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
      const recordings = ["examples/assets/question.wav", "examples/assets/interruption.wav"];
      const args = [`examples/comparison/${name}.ts`, ...recordings, answer];
      const run = ["run", "-A", "--no-check", "--cert", certFile, TEST_CONFIG, ...args];
      const { code, output } = await runDeno(run, { cwd: ROOT, env, timeoutMs: 60_000 });
      assertEquals(code, 0, `${name}: ${output}`);
      assertMatch(output, /^You: What is the weather like in Paris today\?$/m, name);
      assertMatch(output, /^Tool: get_weather \{"city":"Paris","celsius":21,"sky":"sunny"\}$/m, name);
      assertMatch(output, /^Assistant: It is sunny in Paris today/m, name);
      assertMatch(output, /^You: Stop, thank you. That is enough.$/m, name);
      assertMatch(output, /^Assistant: Of course. Have a lovely trip!$/m, name);
      // The server has confirmed the cut: nearly all of the answer had arrived, and a good second of it was heard.
      const cutMs = Number(/^Cut at (\d+) ms$/m.exec(output)?.[1]);
      assert(cutMs > 800 && cutMs < 2_500, `${name} cut at ${cutMs} ms: ${output}`);
      const { samples, sampleRate } = readWav(await Deno.readFile(answer));
      assert(measureLevel(samples).rmsDbfs > -30, name);
      // The recording contains what was heard: the beginning of the answer, and the farewell.
      const heardMs = samples.length * 1000 / sampleRate;
      assert(Math.abs(heardMs - cutMs - FAREWELL_MS) < 500, `${name} heard ${heardMs} ms, and was cut at ${cutMs} ms`);
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("countLines() counts lines of code, without comments and empty lines", () => {
  assertEquals(countLines("// A comment\n\nimport a from 'a';\n  // another\na(); // c\n"), 2);
});

Deno.test("the README has the comparison of deno task comparison, except for sizes and date", async () => {
  const readme = await Deno.readTextFile(`${ROOT}/README.md`);
  const [, written = ""] = /<!-- comparison -->([^]*)<!-- \/comparison -->/.exec(readme) ?? [];
  const due = comparisonTable(await measureComparison({ sizes: false }), "2026-11-29");
  const words = (text: string) =>
    text.replace(/\d{4}-\d\d-\d\d/, "").replace(/\d+ kB/g, "").replace(/-{3,}/g, "---").split(/\s+/).join(" ").trim();
  assertEquals(words(written), words(due));
});
