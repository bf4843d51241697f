import assert from "node:assert/strict";
import { test } from "node:test";
import { randomId } from "../../src/_internal/ids.ts";
import { ConnectionError, InvalidEventError, RealtimeApiError } from "../../src/errors.ts";

test("randomId() returns distinct ids that the server accepts", () => {
  const ids = Array.from({ length: 100 }, () => randomId("item"));
  for (const id of ids) assert.match(id, /^item_[A-Za-z0-9]{24}$/);
  assert.equal(new Set(ids).size, ids.length);
});

test("ConnectionError is an Error with its fields and its cause", () => {
  const cause = new RealtimeApiError("Incorrect API key provided", { code: "invalid_api_key", status: 401 });
  const error = new ConnectionError("Cannot connect", { kind: "refused", status: 401, cause });
  assert.ok(error instanceof Error);
  assert.equal(error.name, "ConnectionError");
  assert.equal(error.status, 401);
  assert.equal(error.cause, cause);
  assert.equal("cause" in new ConnectionError("Cannot connect", { kind: "unreachable" }), false);
});

test("InvalidEventError names the event, the first invalid field and the number of others", () => {
  const error = new InvalidEventError("session.update", [
    { path: "session.audio", message: "must be an object: current value is 1" },
    { path: "session.type", message: "is missing" },
  ]);
  assert.ok(error instanceof TypeError);
  assert.equal(
    error.message,
    "Cannot send session.update as session.audio must be an object: current value is 1 (and 1 more)",
  );
});
