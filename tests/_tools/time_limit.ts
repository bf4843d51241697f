/**
 * Gives every test a limit of 60 s: `deno test --preload tests/_tools/time_limit.ts …`, as the gate does.
 *
 * @module
 */

import { limitTests } from "./limit_tests.ts";

limitTests(60_000);
