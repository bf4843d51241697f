// This module is browser compatible.
import { createSessionLog } from "../_parts/session_log.ts";
import type { Logger } from "../log_frames.ts";
import type { SessionPart } from "../session_part.ts";

/**
 * Logs every event in both directions, and the session's own events, without audio, images and secrets.
 *
 * @category Parts
 */
export function logPart(logger: Logger): SessionPart {
  return {
    name: "log",
    install: ({ clock, url }) => {
      const log = createSessionLog(logger, clock);
      log("session", { type: "opened", url });
      return {
        onReceived: (event) => log("received", event),
        onSent: (event) => log("sent", event),
        onLocal: (event) => log("session", event),
        close: ({ close }) => log("session", { type: "closed", ...close }),
      };
    },
  };
}
