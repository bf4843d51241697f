// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { type Logger, toLine } from "./log_frames.ts";
import { redactFrame } from "./tap_frames.ts";

/** Writes down something that happened: what was sent, what was received, or what the session did. */
export type SessionLog = <E extends { readonly type: string }>(who: "sent" | "received" | "session", event: E) => void;

/** Makes a log that writes to `logger`, if there is one. */
export function createSessionLog(logger: Logger | undefined, clock: Clock): SessionLog {
  return (who, event) => {
    try {
      const text = logger && JSON.stringify(event, (_name, value) => value instanceof Error ? `${value}` : value);
      if (text) logger[levelOf(event.type)](toLine(clock.now(), who, redactFrame(text)));
    } catch {
      // An onlooker must not disturb the conversation.
    }
  };
}

function levelOf(type: string): keyof Logger {
  if (type === "listener_failed") return "error";
  if (/^error$|^malformed_|failed$|_(reached|truncated)$/.test(type)) return "warn";
  return /^(opened|closed)$/.test(type) ? "info" : "debug";
}
