import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { serveDelegations } from "../../examples/live/delegation.ts";
import { measureLevel, readWav } from "../../src/audio/mod.ts";
import { runDeno } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { connectRig, speak } from "../live/_live.ts";
import { joined, silence, tone } from "../simulator/_sound.ts";

Deno.test("the demo holds its conversation over the Live API, with a delegated task", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { code, output } = await runDeno(
      ["run", "-A", "--no-check", `${ROOT}/examples/demo/main.ts`, "--live", "--fast"],
      { cwd: folder, env: { OPENAI_API_KEY: "", OPENAI_BASE_URL: "", NO_COLOR: "1" }, timeoutMs: 60_000 },
    );
    assertEquals(code, 0, output);
    assertStringIncludes(output, "“What is the weather like in Paris today?”");
    assertMatch(output, /delegated +to responses/);
    assertMatch(output, /tool +get_weather\(\{"city":"Paris"\}\) gave \{"city":"Paris","celsius":21/);
    assertStringIncludes(output, "It is sunny in Paris today, with twenty one degrees");
    assert(!output.includes("for the evenings by the river"), "the long answer is talked over");
    assertStringIncludes(output, "Have a lovely trip!");
    assertMatch(output, /closed +close_requested, confirmed: \d+\.\d s are billed/);
    assertMatch(output, /backend +2 responses/);
    const { samples } = readWav(await Deno.readFile(`${folder}/demo_reply.wav`));
    assert(samples.length / 24_000 > 8 && measureLevel(samples).rmsDbfs > -30, `${samples.length / 24_000} s`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the example answers known delegations, and asks about unknown ones", async () => {
  const scenario = {
    turns: [
      { user: "Where is my order number seven?", delegates: { acknowledgement: "Let me see." } },
      { user: "And the other one?", delegates: { acknowledgement: "One second." } },
    ],
  };
  const rig = await connectRig({}, { scenario });
  const serving = serveDelegations(rig.session);
  const words = joined(tone(1_600), silence(4_000));
  await speak(rig, words);
  await speak(rig, words);
  await rig.clock.advance(4_000);
  assertEquals(rig.sent().slice(1).map(({ content, type }) => [type, content]), [
    ["session.thinking.append", "Order number seven is on its way."],
    ["session.commentary.append", "Order number seven is on its way."],
    ["session.commentary.append", "Ask for the number of the order."],
  ]);
  await rig.settle(rig.session.close());
  await serving;
});
