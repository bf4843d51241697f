// npx wrangler secret put OPENAI_API_KEY, the same for TWILIO_AUTH_TOKEN, then npx wrangler deploy
import { upgradeWebSocket } from "hono/cloudflare-workers";
import { createTelephoneApp } from "./app.ts";

// A Worker lives as long as the WebSocket of its call.
export default createTelephoneApp(upgradeWebSocket);
