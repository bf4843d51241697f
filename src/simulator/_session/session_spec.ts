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
  /** What is set from the start, by a client secret or a call. */
  readonly config?: RealtimeSessionConfig | undefined;
}

/** A session that writes down what it hears. */
export interface TranscriptionSpec {
  /** Kind of session. */
  readonly kind: "transcription";
  /** What is set from the start, by a client secret. */
  readonly config?: TranscriptionSessionConfig | undefined;
}

/** A session that translates what it hears. */
export interface TranslationSpec {
  /** Kind of session. */
  readonly kind: "translation";
  /** Model that translates. */
  readonly model: string;
  /** What is set from the start, by a client secret. */
  readonly config?: TranslationSessionConfig | undefined;
}

/** What a session is for, and what it is set to from the start. */
export type SessionSpec = RealtimeSpec | TranscriptionSpec | TranslationSpec;

/** What a session is for. */
export type SessionKind = SessionSpec["kind"];
