/** The telephone of the examples, which says how much time of the processor it has had: `GET /cpu`, in milliseconds. */
import { upgradeWebSocket } from "hono/deno";
import process from "node:process";
import { createTelephoneApp } from "../../../examples/telephony/app.ts";

const app = createTelephoneApp(upgradeWebSocket);
Deno.serve({ hostname: "127.0.0.1", port: 0 }, (request) => {
  if (new URL(request.url).pathname !== "/cpu") return app.fetch(request);
  const { system, user } = process.cpuUsage();
  return Response.json((system + user) / 1000);
});
