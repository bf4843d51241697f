import { Miniflare } from "miniflare";

// Serves a Worker with its store and variables, until it is stopped. Arguments: its file, its variables and Durable Objects
// in JSON, and where these are stored.
const STORE = '{"REALTIME_STORE":{"className":"RealtimeStoreObject","useSQLite":true}}';
const [worker = "", variables = "{}", objects = STORE, storage] = Deno.args;

const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: await Deno.readTextFile(worker) }],
  // As in wrangler.jsonc.
  compatibilityDate: "2026-07-01",
  durableObjects: JSON.parse(objects),
  ...storage && { durableObjectsPersist: storage },
  bindings: JSON.parse(variables),
  host: "127.0.0.1",
  port: 0,
});
console.log(`Listening on ${await miniflare.ready}`);
