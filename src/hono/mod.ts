/**
 * An app for the edge, on Hono: pages get voice sessions without ever seeing the key, and the server keeps control of
 * them. It runs wherever Hono does: Deno, Bun, Cloudflare Workers, Node.
 *
 * @example In an app of one's own
 * ```ts
 * import { createRealtimeApp } from "@oai-rt/edge/hono";
 * import { assertEquals } from "@std/assert";
 * import { Hono } from "hono";
 *
 * const realtime = createRealtimeApp({
 *   authorize: () => false, // who may have a session at your expense?
 *   session: { type: "realtime", model: "gpt-realtime-2.1" },
 * });
 * const app = new Hono();
 * app.mount("/realtime", realtime.fetch);
 * // Deno.serve(app.fetch), export default app, serve(app) …
 *
 * assertEquals((await app.request("/realtime/client_secrets", { method: "POST" })).status, 403);
 * ```
 *
 * @module
 */
export type { Clock } from "../_internal/clock.ts";
export type { IdGenerator } from "../_internal/ids.ts";
export type * from "../connect.ts";
export type * from "../errors.ts";
export type * from "../protocol/mod.ts";
export type * from "../session/mod.ts";
export type * from "../tools/mod.ts";
export type * from "../transport/mod.ts";
export * from "./edge_call.ts";
export * from "./incoming_call.ts";
export * from "./overridable_field.ts";
export * from "./problem.ts";
export * from "./realtime_app.ts";
export * from "./realtime_app_options.ts";
export * from "./realtime_env.ts";
export * from "./relay_filter.ts";
export * from "./relay_limits.ts";
export * from "./replay_guard.ts";
