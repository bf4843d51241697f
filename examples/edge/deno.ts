// PORT=8080 OPENAI_API_KEY=… COOKIE_SECRET=… deno run --allow-env --allow-net examples/edge/deno.ts
import { upgradeWebSocket } from "hono/deno";
import { createEdgeApp } from "./app.ts";
import { sideband } from "./sideband.ts";

// Several servers share `store: denoKvStore(await Deno.openKv())`, with --unstable-kv.
const app = createEdgeApp({ onCall: sideband(), upgradeWebSocket });

const server = Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8080) }, app.fetch);

Deno.addSignalListener("SIGTERM", async () => {
  await app.close();
  await server.shutdown();
});
