import { Miniflare } from "miniflare";

// Asks a Worker, whose file is the argument, once, and prints its answer.
const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: await Deno.readTextFile(Deno.args[0] ?? "") }],
  compatibilityDate: "2026-07-01",
  durableObjects: { REALTIME_STORE: { className: "RealtimeStoreObject", useSQLite: true } },
});
const response = await miniflare.dispatchFetch("http://worker/");
console.log(await response.text());
await miniflare.dispose();
