// This module is browser compatible.
import { liveCodec } from "../protocol/mod.ts";
import { checkLiveOptions, connectOptions } from "./_option_names.ts";
import { openLive } from "./_open_live.ts";
import { startConfig } from "./_start_config.ts";
import type { ConnectLiveOptions } from "./live_options.ts";
import type { LiveSession } from "./live_session.ts";

/**
 * Connects to the Live API over a WebSocket and starts a session: resolves when the server has started it.
 *
 * The model listens while it speaks, and decides itself when to speak. It has no tools: it delegates tasks to the
 * application (see {@linkcode LiveSession.delegations}) or, with `backend`, to a model of the Responses API, whose
 * functions are `tools`.
 *
 * @category Sessions
 *
 * @example A greeting, against the embedded simulator
 * ```ts
 * import { connectLive } from "@oai-rt/edge/live";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * await using simulator = createSimulator();
 * const session = await connectLive({ apiKey: "sk-test", dial: simulator.dial, instructions: "Be brief." });
 * await session.say("Good morning!");
 * const { reason, confirmed } = await session.close();
 * assertEquals([reason, confirmed], ["close_requested", true]);
 * ```
 *
 * @throws {TypeError} when an option is unknown, or options contradict each other.
 * @throws {RangeError} when a time is out of range.
 * @throws {InvalidEventError} when the settings break a rule of the protocol; nothing is then sent.
 * @throws {ConnectionError} when there is no key, the host cannot be reached, or the session is refused or ends early.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectLive(options: ConnectLiveOptions): Promise<LiveSession> {
  checkLiveOptions("connect", options, connectOptions());
  return await openLive({ options, codec: liveCodec, connection: "primary", path: "", session: startConfig(options) });
}
