import { OPENAPI } from "../_openapi/document.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Gives the description of the routes for programs. */
export function answerOpenApi(c: RealtimeContext): Promise<Response> {
  return Promise.resolve(c.body(OPENAPI, 200, { "Content-Type": "application/json" }));
}
