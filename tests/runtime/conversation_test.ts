import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { CASES } from "./_cases.ts";
import { serverTarget } from "./_target.ts";

// The simulator listens in another process: the gate starts one.
const url = process.env.SIMULATOR_URL;
assert.ok(url, "SIMULATOR_URL must be the address of a simulator");
const target = serverTarget(url);

for (const { name, run } of CASES) test(name, { timeout: 60_000 }, () => run(target));
