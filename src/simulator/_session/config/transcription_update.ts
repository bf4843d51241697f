// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type { SessionUpdateEvent, TranscriptionSession, TranscriptionSessionConfig } from "../../../protocol/mod.ts";
import type { ListeningParts } from "../session_parts.ts";

/** The parts of a transcription session that its commands use. */
export interface TranscriptionParts extends ListeningParts {
  /** The session with its current settings. */
  readonly session: TranscriptionSession;
  /** Changes the session. */
  update(change: TranscriptionSessionConfig): void;
}

/** Changes a transcription session: all requested settings, or none. */
export function updateTranscriptionSession(parts: TranscriptionParts, { session: change }: SessionUpdateEvent): void {
  if (change.type === "realtime") {
    throw serverError("realtime_update_of_transcription");
  }
  parts.update(change);
  parts.outbox.emit({ type: "session.updated", session: parts.session });
}
