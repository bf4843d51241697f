// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type { SessionUpdateEvent, TranscriptionSession, TranscriptionSessionConfig } from "../../../protocol/mod.ts";
import type { ListeningParts } from "../session_parts.ts";

/** What the commands of a transcription session work on. */
export interface TranscriptionParts extends ListeningParts {
  /** The session as it is set now. */
  readonly session: TranscriptionSession;
  /** Changes the session. */
  update(change: TranscriptionSessionConfig): void;
}

/** Changes a transcription session: all that is asked for, or nothing. */
export function updateTranscriptionSession(parts: TranscriptionParts, { session: change }: SessionUpdateEvent): void {
  if (change.type === "realtime") {
    throw serverError("realtime_update_of_transcription");
  }
  parts.update(change);
  parts.outbox.emit({ type: "session.updated", session: parts.session });
}
