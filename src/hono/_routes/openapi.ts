import { OPENAPI } from "../_openapi/document.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Returns the OpenAPI description of the routes. */
export function answerOpenApi(c: RealtimeContext): Promise<Response> {
  return Promise.resolve(c.body(OPENAPI, 200, { "Content-Type": "application/json" }));
}
