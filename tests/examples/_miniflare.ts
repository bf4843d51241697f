import { Miniflare } from "miniflare";

// Serves a Worker with its store and variables, until it is stopped. Arguments: its file, its variables in JSON.
const [worker = "", variables = "{}"] = Deno.args;

const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: await Deno.readTextFile(worker) }],
  // As in wrangler.jsonc.
  compatibilityDate: "2026-07-01",
  durableObjects: { REALTIME_STORE: { className: "RealtimeStoreObject", useSQLite: true } },
  bindings: JSON.parse(variables),
  host: "127.0.0.1",
  port: 0,
});
console.log(`Listening on ${await miniflare.ready}`);
