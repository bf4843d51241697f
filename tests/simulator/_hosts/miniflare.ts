import { Miniflare } from "miniflare";

// Runs a Worker until its input ends.
const miniflare = new Miniflare({
  modules: true,
  script: await Deno.readTextFile(Deno.args[0] ?? ""),
  compatibilityDate: "2026-07-30",
  host: "127.0.0.1",
  port: 0,
});
console.log(`Listening on ${new URL("/v1", await miniflare.ready)}`);
await Deno.stdin.readable.pipeTo(new WritableStream());
await miniflare.dispose();
