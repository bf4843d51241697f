import { assertEquals } from "@std/assert";
import { open } from "../_fake_server.ts";

Deno.test("Session.rateLimits count down to their reset, and are then fully available", async () => {
  const { server, session } = await open();
  assertEquals(session.rateLimits, []);
  const tokens = { name: "tokens", limit: 1000, remaining: 400, reset_seconds: 1.5 };
  server.emit({ type: "rate_limits.updated", rate_limits: [tokens, {}] });
  await server.settle();
  const rest = { name: "", limit: 0, remaining: 0, resetMs: 0 };
  assertEquals(session.rateLimits, [{ name: "tokens", limit: 1000, remaining: 400, resetMs: 1500 }, rest]);
  await server.clock.advance(1000);
  assertEquals(session.rateLimits[0], { name: "tokens", limit: 1000, remaining: 400, resetMs: 500 });
  await server.clock.advance(600);
  assertEquals(session.rateLimits[0], { name: "tokens", limit: 1000, remaining: 1000, resetMs: 0 });
  server.emit({ type: "rate_limits.updated", rate_limits: [] });
  await server.settle();
  assertEquals(session.rateLimits, []);
});
