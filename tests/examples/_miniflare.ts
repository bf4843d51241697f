import { Miniflare } from "miniflare";

// Serves a Worker without bindings but for variables, until it is stopped. Arguments: its file, its variables in JSON.
const [worker = "", variables = "{}"] = Deno.args;

const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: await Deno.readTextFile(worker) }],
  // As in wrangler.jsonc.
  compatibilityDate: "2026-07-01",
  bindings: JSON.parse(variables),
  host: "127.0.0.1",
  port: 0,
});
console.log(`Listening on ${await miniflare.ready}`);
