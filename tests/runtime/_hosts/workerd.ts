/**
 * Runs the cases in workerd, from one bundled ESM file, against the simulator at `SIMULATOR_URL`.
 *
 * @module
 */

import { Miniflare } from "miniflare";
import { bundleModule } from "../../_tools/bundle.ts";
import { TEST_CONFIG } from "../../_tools/command.ts";
import { ROOT } from "../../_tools/repository.ts";
import { report } from "./report.ts";

const contents = await bundleModule(ROOT, "tests/runtime/_worker.ts", [TEST_CONFIG, "--platform", "browser"]);
const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents }],
  compatibilityDate: "2026-07-30",
  bindings: { SIMULATOR_URL: Deno.env.get("SIMULATOR_URL") ?? "" },
});
try {
  const response = await miniflare.dispatchFetch("http://localhost/");
  const text = await response.text();
  if (response.status !== 200) throw new Error(`The worker answered with status ${response.status}: ${text}`);
  report(JSON.parse(text));
} finally {
  await miniflare.dispose();
}
