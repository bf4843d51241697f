// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import { type Logger, toLine } from "../log_frames.ts";
import type { SessionPart } from "../session_part.ts";
import { redactFrame } from "../tap_frames.ts";

/**
 * Logs every event in both directions, and the session's own events, without audio, images and secrets. An exception of
 * the logger is reported as a `listener_failed` event.
 *
 * @category Parts
 */
export function logPart(logger: Logger): SessionPart {
  return {
    name: "log",
    install: (host) => {
      const log = (who: "sent" | "received" | "session", event: { readonly type: string }) =>
        callListener(() => {
          const text = JSON.stringify(event, (_name, value) => value instanceof Error ? `${value}` : value);
          return logger[levelOf(event.type)](toLine(host.clock.now(), who, redactFrame(text)));
        }, (error) => {
          // The report of an exception is logged, too.
          if (event.type !== "listener_failed") host.report(error, event.type);
        });
      log("session", { type: "opened", url: host.url } as { readonly type: string });
      return {
        onReceived: (event) => log("received", event),
        onSent: (event) => log("sent", event),
        onLocal: (event) => log("session", event),
        close: ({ close }) => log("session", { type: "closed", ...close }),
      };
    },
  };
}

function levelOf(type: string): keyof Logger {
  if (type === "listener_failed") return "error";
  if (/^error$|^malformed_|failed$|_(reached|truncated)$/.test(type)) return "warn";
  return /^(opened|closed)$/.test(type) ? "info" : "debug";
}
