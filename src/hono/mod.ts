/**
 * An edge app on Hono: pages get voice sessions without ever seeing the key, and the server keeps control of them. It
 * runs wherever Hono does: Deno, Bun, Cloudflare Workers, Node.
 *
 * @example In your own app
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
export * from "./deno_kv_store.ts";
export * from "./durable_object_store.ts";
export * from "./edge_call.ts";
export * from "./edge_event.ts";
export * from "./edge_limits.ts";
export * from "./edge_live_call.ts";
export * from "./edge_live_options.ts";
export * from "./edge_options.ts";
export * from "./edge_telemetry.ts";
export * from "./incoming_call.ts";
export type { LiveOverridableField } from "./live_overridable_field.ts";
export * from "./memory_store.ts";
export * from "./overridable_field.ts";
export * from "./problem.ts";
export * from "./realtime_app.ts";
export * from "./realtime_app_options.ts";
export * from "./realtime_env.ts";
export * from "./realtime_routes.ts";
export * from "./realtime_store.ts";
export * from "./redis_store.ts";
export * from "./relay_filter.ts";
export * from "./relay_limits.ts";
export { createReplayGuard, type ReplayGuard, type ReplayGuardOptions, type WebhookClaim } from "./replay_guard.ts";
