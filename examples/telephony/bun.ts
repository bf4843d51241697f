// PORT=8788 OPENAI_API_KEY=… TWILIO_AUTH_TOKEN=… bun examples/telephony/bun.ts
import { upgradeWebSocket, websocket } from "hono/bun";
import { createTelephoneApp } from "./app.ts";

/** Bun serves the default export of a program, on the port in PORT. */
export default { fetch: createTelephoneApp(upgradeWebSocket).fetch, websocket };
