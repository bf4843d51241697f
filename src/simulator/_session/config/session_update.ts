// This module is browser compatible.
import type {
  RealtimeSession,
  RealtimeSessionConfig,
  SessionConfig,
  SessionUpdateEvent,
  Voice,
} from "../../../protocol/mod.ts";
import { rangeError } from "../field_errors.ts";
import { ServerError } from "../server_error.ts";
import type { SessionParts } from "../session_parts.ts";

/** Changes the session: all that is asked for, or nothing. */
export function updateSession(parts: SessionParts, { session: change }: SessionUpdateEvent): void {
  if (change.type === "transcription") {
    throw new ServerError("Passing a transcription session update event to a realtime session is not allowed.", {
      code: "invalid_value",
      param: "session.type",
    });
  }
  assertInRange(change);
  assertTracingMayBe(change.tracing, parts.session);
  assertVoiceMayBe(change.audio?.output?.voice, parts.session, parts.responses.hasSpoken);
  parts.update(change);
  parts.outbox.emit({ type: "session.updated", session: parts.session });
  parts.mcpServers.ask(change.tools ?? []);
}

/** @throws {ServerError} when a parameter of turn detection, or a list, is out of its range. */
export function assertInRange({ audio }: SessionConfig): void {
  if (audio?.input?.transcription?.languages?.length === 0) {
    const param = "session.audio.input.transcription.languages";
    throw new ServerError(
      `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
      { code: "empty_array", param },
    );
  }
  const detection = audio?.input?.turn_detection;
  if (detection?.type !== "server_vad") return;
  const { threshold, prefix_padding_ms, silence_duration_ms } = detection;
  const path = "session.audio.input.turn_detection";
  const refusal = rangeError(`${path}.threshold`, threshold ?? 0, { low: 0, high: 1 }) ??
    rangeError(`${path}.prefix_padding_ms`, prefix_padding_ms ?? 0, { low: 0 }) ??
    rangeError(`${path}.silence_duration_ms`, silence_duration_ms ?? 0, { low: 0 });
  if (refusal) throw refusal;
}

/** @throws {ServerError} when tracing is on already, and set in another way. */
function assertTracingMayBe(tracing: RealtimeSessionConfig["tracing"], session: RealtimeSession): void {
  const current = session.tracing ?? null;
  if (current === null || tracing === undefined || JSON.stringify(tracing) === JSON.stringify(current)) return;
  throw new ServerError("Cannot update tracing once it has been enabled for a session.", {
    code: "invalid_value",
    param: "session.tracing",
  });
}

/** @throws {ServerError} when the model has spoken with another voice. */
export function assertVoiceMayBe(voice: Voice | undefined, session: RealtimeSession, hasSpoken: boolean): void {
  const current = session.audio?.output?.voice;
  if (!hasSpoken || voice === undefined || JSON.stringify(voice) === JSON.stringify(current)) return;
  throw new ServerError("Cannot update a conversation's voice if assistant audio is present.", {
    code: "cannot_update_voice",
  });
}
