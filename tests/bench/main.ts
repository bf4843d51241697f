/**
 * All benches that have a budget, one after the other, in processes of their own. `deno task bench` runs it; it ends with
 * code 1 when a budget is missed. Nothing else should be busy on the machine meanwhile.
 *
 * `edge_load.ts` is left out, as it takes longer; `simulator_load.ts` is run with fewer sessions than it can hold.
 */
import { TEST_CONFIG } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { HEAP_FLAGS } from "./_heap.ts";

/** The benches, with the arguments before and after their names. */
const BENCHES: readonly (readonly [flags: readonly string[], name: string, ...options: readonly string[]])[] = [
  [[], "protocol_bench.ts"],
  [[], "audio_bench.ts"],
  [[], "voice_bench.ts"],
  [[], "live_bench.ts"],
  [[], "voice_path_bench.ts"],
  [[], "session_bench.ts"],
  [[HEAP_FLAGS], "heap_bench.ts"],
  [[HEAP_FLAGS], "heap_bench.ts", "--minutes", "180"],
  [[], "simulator_load.ts", "--sessions", "100", "--seconds", "20"],
  [[], "calls/calls_per_core.ts", "--calls", "25,100", "--seconds", "5"],
];

const failed: string[] = [];
for (const [flags, name, ...options] of BENCHES) {
  const args = ["run", "-A", "--no-check", TEST_CONFIG, ...flags, `tests/bench/${name}`, ...options];
  const { success } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
  if (!success) failed.push(name);
}
console.log(failed.length === 0 ? "\nEvery budget was met" : `\nNot every budget was met: see ${failed.join(", ")}`);
if (failed.length > 0) Deno.exit(1);
