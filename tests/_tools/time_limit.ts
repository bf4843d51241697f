/**
 * Gives every test a timeout of two minutes, which even a busy machine reaches only when a test hangs: `deno test
 * --preload tests/_tools/time_limit.ts …`, as the gate does.
 *
 * @module
 */

import { limitTests } from "./limit_tests.ts";

limitTests(120_000);
