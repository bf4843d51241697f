// This module is browser compatible.
import { systemClock } from "../_internal/clock.ts";
import { canReopen } from "../_recovery/can_reopen.ts";
import { checkReconnect } from "../_recovery/check_reconnect.ts";
import { liveSidebandCodec } from "../protocol/mod.ts";
import { attachOptions, checkLiveOptions } from "./_option_names.ts";
import { assertLiveId } from "../_internal/live/live_target.ts";
import { LiveLine } from "./_core/live_line.ts";
import { openLive } from "./_open_live.ts";
import type { AttachLiveOptions } from "./live_options.ts";
import type { LiveSession } from "./live_session.ts";

/**
 * Joins a running session as an observer that may act: it receives both sides' audio and transcripts, can say, inform
 * and instruct, and executes tools. Earlier events are not repeated. Closing it leaves the session running.
 *
 * A call that was accepted a moment ago may not have started: `config` is then `undefined`, and commands are rejected
 * until the event `session.started`.
 *
 * @param sessionId identifier of the session, `live_…`.
 * @throws {TypeError} when the identifier is invalid, an option is unknown, or options contradict each other.
 * @throws {ConnectionError} when there is no key, no such session, or the host cannot be reached.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 * @category Sessions
 */
export async function attachLive(sessionId: string, options: AttachLiveOptions): Promise<LiveSession> {
  assertLiveId(sessionId, "attach to a session");
  checkLiveOptions("attach to a session", options, attachOptions());
  const { clock = systemClock, recovery, timeoutMs } = options;
  if (recovery) checkReconnect(recovery);
  const reconnect = { ...recovery || undefined, timeoutMs };
  return await openLive({
    options,
    codec: liveSidebandCodec,
    connection: "sideband",
    path: `/${sessionId}/attach`,
    query: { graceful_close: "true" },
    id: sessionId,
    toLine: canReopen(options)
      ? (transport, open) => new LiveLine(transport, clock, { ...reconnect, open })
      : undefined,
  });
}
