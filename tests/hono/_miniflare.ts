import { Miniflare } from "miniflare";

// Serves a Worker until it is stopped. Arguments: its file, its bindings in JSON, and its storage folder.
const [worker = "", bindings = "{}", durableObjectsPersist = ""] = Deno.args;

/** The part of a wrangler configuration that is used. */
interface Deployment {
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
  readonly durable_objects: { readonly bindings: readonly { readonly name: string; readonly class_name: string }[] };
  readonly migrations: readonly { readonly new_sqlite_classes: readonly string[] }[];
}

const deployment: Deployment = JSON.parse(await Deno.readTextFile("examples/edge/wrangler.jsonc"));

/** A stream of Node's, as far as it is used. */
interface Output {
  on(event: "data", listener: (data: Uint8Array) => void): unknown;
}

const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.js", contents: await Deno.readTextFile(worker) }],
  compatibilityDate: deployment.compatibility_date,
  compatibilityFlags: [...deployment.compatibility_flags],
  durableObjects: Object.fromEntries(deployment.durable_objects.bindings.map(({ class_name, name }) => [name, {
    className: class_name,
    useSQLite: deployment.migrations.some(({ new_sqlite_classes }) => new_sqlite_classes.includes(class_name)),
  }])),
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
