import { Miniflare } from "miniflare";

// Serves a Worker until it is stopped. Arguments: its file, its bindings in JSON, and the folder of what it stores.
const [worker = "", bindings = "{}", durableObjectsPersist = ""] = Deno.args;

/** A stream of Node's, as far as it is used. */
interface Output {
  on(event: "data", listener: (data: Uint8Array) => void): unknown;
}

const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: await Deno.readTextFile(worker) }],
  // As in wrangler.jsonc.
  compatibilityDate: "2026-07-01",
  durableObjects: { CALLS: { className: "CallRoom", useSQLite: true } },
  bindings: JSON.parse(bindings),
  ...durableObjectsPersist && { durableObjectsPersist },
  host: "127.0.0.1",
  port: 0,
  handleRuntimeStdio(stdout: Output, stderr: Output) {
    stdout.on("data", (data) => Deno.stdout.writeSync(data));
    stderr.on("data", (data) => Deno.stderr.writeSync(data));
  },
});
console.log(`Listening on ${await miniflare.ready}`);
