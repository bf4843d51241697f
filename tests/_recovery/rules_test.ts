import { assertEquals } from "@std/assert";
import { ConnectionError, RealtimeApiError } from "../../src/errors.ts";
import { RetryPolicy } from "../../src/_recovery/retry_policy.ts";
import { isRecoverable } from "../../src/_recovery/recovery_rules.ts";

function closed(code: number, cause?: unknown): ConnectionError {
  return new ConnectionError("x", { kind: "closed", close: { code, reason: "", clean: false }, cause });
}

Deno.test("isRecoverable() is true for ends after which another connection can work", () => {
  const api = (code: string) => new RealtimeApiError("x", { code });
  const cases: [unknown, boolean][] = [
    ...[1001, 1002, 1005, 1006, 1007, 1011, 1012, 1013, 1014, 1015].map((code) =>
      [closed(code), true] as [unknown, boolean]
    ),
    ...[1000, 1003, 1008, 1009, 3000, 4000, 4008, 4999].map((code) => [closed(code), false] as [unknown, boolean]),
    [closed(1001, api("session_expired")), true],
    ...["session_expired", "rate_limit_exceeded", "server_error", "internal_error"].map((code) =>
      [closed(4000, api(code)), true] as [unknown, boolean]
    ),
    [closed(4000, new RealtimeApiError("x", { type: "server_error" })), true],
    [closed(1011, api("insufficient_quota")), false],
    [closed(1006, api("conversation_already_has_active_response")), true],
    [api("invalid_value"), false],
    // The errors of REST calls, such as those of a key function that creates a client secret.
    ...[400, 401, 403, 404].map((status) => [new RealtimeApiError("x", { status }), false] as [unknown, boolean]),
    // With a status below 400, something other than the API has answered, such as the login page of a network.
    ...[200, 302, 408, 409, 429, 500, 502, 503].map((status) =>
      [new RealtimeApiError("x", { status }), true] as [unknown, boolean]
    ),
    [new RealtimeApiError("x", { status: 429, code: "insufficient_quota" }), false],
    [new RealtimeApiError("x"), false],
    [new ConnectionError("x", { kind: "refused", status: 503, cause: api("invalid_value") }), true],
    [new ConnectionError("x", { kind: "configuration" }), false],
    [new ConnectionError("x", { kind: "unreachable" }), true],
    // A page cannot read the status.
    [new ConnectionError("x", { kind: "refused" }), true],
    ...[400, 401, 403, 404].map((status) =>
      [new ConnectionError("x", { kind: "refused", status }), false] as [unknown, boolean]
    ),
    ...[200, 302, 408, 429, 500, 503].map((status) =>
      [new ConnectionError("x", { kind: "refused", status }), true] as [unknown, boolean]
    ),
    [new Error("the key server is down"), true],
    [undefined, true],
    // The error that `fetch` throws in a key function without a network.
    [new TypeError("fetch failed"), true],
    [new DOMException("late", "TimeoutError"), true],
  ];
  for (const [error, expected] of cases) assertEquals(isRecoverable(error), expected, JSON.stringify(error));
});

Deno.test("RetryPolicy doubles its maximum delay, up to 2 seconds in the first minute and 30 later, and gives up", () => {
  const policy = new RetryPolicy({ maxAttempts: 8 }, () => 1);
  const delay = (now: number) => policy.next(closed(1006), now);
  assertEquals([0, 0, 0, 0, 0, 59_999, 60_000, 60_000, 60_000].map(delay), [
    250,
    500,
    1000,
    2000,
    2000,
    2000,
    16_000,
    30_000,
    undefined,
  ]);
});

Deno.test("RetryPolicy gives up when handshakes keep being refused without a reason", () => {
  const policy = new RetryPolicy({}, () => 0);
  const refused = new ConnectionError("x", { kind: "refused" });
  const unreachable = new ConnectionError("x", { kind: "unreachable" });
  const refusals = (error: unknown, count: number) =>
    Array.from({ length: count }, () => policy.next(error, 0)).filter((delayMs) => delayMs === undefined).length;
  assertEquals([refusals(refused, 12), refusals(unreachable, 1), refusals(refused, 13)], [0, 0, 1]);
});

Deno.test("RetryPolicy.restart() resets the delays, and still counts the attempts", () => {
  const policy = new RetryPolicy({ maxAttempts: 9 }, () => 1);
  const delay = (now: number) => {
    const delayMs = policy.next(closed(1006), now);
    return delayMs === undefined ? undefined : [policy.attempt, delayMs];
  };
  for (let attempt = 1; attempt <= 7; attempt++) delay(100_000);
  policy.restart(100_000);
  assertEquals([delay(100_000), delay(159_999), delay(160_000)], [[8, 250], [9, 500], undefined]);
});
