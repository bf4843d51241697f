/**
 * Twenty thousand random runs of a session; `deno task soak` makes them.
 *
 * @module
 */

import { runMany } from "./runs/_random_run.ts";

await runMany(20_000);
