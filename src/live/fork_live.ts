// This module is browser compatible.
import { liveForkCodec } from "../protocol/mod.ts";
import { checkLiveOptions, forkOptions } from "./_option_names.ts";
import { assertLiveId } from "../_internal/live/live_target.ts";
import { openLive } from "./_open_live.ts";
import type { ForkLiveOptions } from "./live_options.ts";
import type { LiveSession } from "./live_session.ts";

/**
 * Starts a session that continues a stored session that has ended: it has another identifier, and inherits model,
 * instructions, voice and history. A backend keeps its tools, which `tools` executes; `session.delegation` changes them.
 *
 * @param sourceId identifier of the stored session, `live_…`.
 * @throws {TypeError} when the identifier is invalid, an option is unknown, or options contradict each other.
 * @throws {InvalidEventError} when the settings break a rule of the protocol; nothing is then sent.
 * @throws {ConnectionError} when there is no key, no such session, or the session is refused or ends early.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 * @category Sessions
 */
export async function forkLive(sourceId: string, options: ForkLiveOptions): Promise<LiveSession> {
  assertLiveId(sourceId, "fork a session");
  checkLiveOptions("fork a session", options, forkOptions());
  const session = options.session ?? {};
  return await openLive({ options, codec: liveForkCodec, connection: "fork", path: `/${sourceId}/fork`, session });
}
