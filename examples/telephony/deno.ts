// PORT=8788 OPENAI_API_KEY=… TWILIO_AUTH_TOKEN=… deno run --allow-env --allow-net examples/telephony/deno.ts
import { upgradeWebSocket } from "hono/deno";
import { createTelephoneApp } from "./app.ts";

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8788) }, createTelephoneApp(upgradeWebSocket).fetch);
