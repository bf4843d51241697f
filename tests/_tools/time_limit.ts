/**
 * Gives every test a limit of two minutes, which only one that hangs needs, even on a busy machine: `deno test --preload tests/_tools/time_limit.ts …`, as the gate does.
 *
 * @module
 */

import { limitTests } from "./limit_tests.ts";

limitTests(120_000);
