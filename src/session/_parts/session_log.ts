// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import type { Clock } from "../../_internal/clock.ts";
import { type Logger, toLine } from "../log_frames.ts";
import { redactFrame } from "../tap_frames.ts";

/** Writes down something that happened: what was sent, what was received, or what the session did. */
export type SessionLog = <E extends { readonly type: string }>(who: "sent" | "received" | "session", event: E) => void;

/** Makes a log that writes to `logger`, if there is one. */
export function createSessionLog(logger: Logger | undefined, clock: Clock): SessionLog {
  // An onlooker must not disturb the conversation.
  return (who, event) =>
    callListener(() => {
      const text = logger && JSON.stringify(event, (_name, value) => value instanceof Error ? `${value}` : value);
      return text && logger[levelOf(event.type)](toLine(clock.now(), who, redactFrame(text)));
    }, () => {});
}

function levelOf(type: string): keyof Logger {
  if (type === "listener_failed") return "error";
  if (/^error$|^malformed_|failed$|_(reached|truncated)$/.test(type)) return "warn";
  return /^(opened|closed)$/.test(type) ? "info" : "debug";
}
