// This module is browser compatible.
import type {
  RealtimeSessionConfig,
  TranscriptionSessionConfig,
  TranslationSessionConfig,
} from "../../protocol/mod.ts";

/** A conversation: a model that answers. */
export interface RealtimeSpec {
  /** Kind of session. */
  readonly kind: "realtime";
  /** Model that answers. */
  readonly model: string;
  /** Initial settings, from a client secret or a call. */
  readonly config?: RealtimeSessionConfig | undefined;
}

/** A session that transcribes its input. */
export interface TranscriptionSpec {
  /** Kind of session. */
  readonly kind: "transcription";
  /** Initial settings, from a client secret. */
  readonly config?: TranscriptionSessionConfig | undefined;
}

/** A session that translates its input. */
export interface TranslationSpec {
  /** Kind of session. */
  readonly kind: "translation";
  /** Model that translates. */
  readonly model: string;
  /** Initial settings, from a client secret. */
  readonly config?: TranslationSessionConfig | undefined;
}

/** The type of a session, and its initial settings. */
export type SessionSpec = RealtimeSpec | TranscriptionSpec | TranslationSpec;

/** The type of a session. */
export type SessionKind = SessionSpec["kind"];
