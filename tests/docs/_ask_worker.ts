import { Miniflare } from "miniflare";

// Asks a Worker once, in workerd, and prints its answer. Arguments: its file, and its bindings in JSON.
const [worker = "", bindings = "{}"] = Deno.args;

const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: await Deno.readTextFile(worker) }],
  compatibilityDate: "2026-07-30",
  bindings: JSON.parse(bindings),
});
try {
  const response = await miniflare.dispatchFetch("http://localhost/", { method: "POST", body: "Good morning!" });
  const text = await response.text();
  console.log(`Status ${response.status}: ${text}`);
  Deno.exitCode = response.status === 200 && text.length > 0 ? 0 : 1;
} finally {
  await miniflare.dispose();
}
