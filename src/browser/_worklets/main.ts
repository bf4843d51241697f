// This module is browser compatible.

/**
 * The code that runs on the audio thread. `deno task worklets` bundles it to `worklet.js` and `_worklet_source.ts`.
 *
 * @module
 */
import "./capture.ts";
import "./player.ts";
