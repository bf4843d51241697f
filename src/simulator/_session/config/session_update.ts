// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type {
  RealtimeSession,
  RealtimeSessionConfig,
  SessionConfig,
  SessionUpdateEvent,
  Voice,
} from "../../../protocol/mod.ts";
import { rangeError } from "../field_errors.ts";
import type { SessionParts } from "../session_parts.ts";

/** Changes the session: all requested settings, or none. */
export function updateSession(parts: SessionParts, { session: change }: SessionUpdateEvent): void {
  if (change.type === "transcription") {
    throw serverError("transcription_update_of_realtime");
  }
  parts.rules.checkSession(change, parts.session.model);
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
    throw serverError("array_empty", { param });
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
  throw serverError("tracing_fixed");
}

/** @throws {ServerError} when the model has spoken with another voice. */
export function assertVoiceMayBe(voice: Voice | undefined, session: RealtimeSession, hasSpoken: boolean): void {
  const current = session.audio?.output?.voice;
  if (!hasSpoken || voice === undefined || JSON.stringify(voice) === JSON.stringify(current)) return;
  throw serverError("voice_fixed");
}
