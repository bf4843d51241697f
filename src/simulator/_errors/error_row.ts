// This module is browser compatible.

/**
 * How a statement about the real server is known: from a recording, another project's live probe, a public report, the
 * documentation, or not at all.
 */
export type Known = "recorded" | "probed" | "reported" | "documented" | "assumed";

/** One way in which the server rejects something. */
export interface ErrorRow {
  /** Machine-readable code, or null. */
  readonly code: string | null;
  /**
   * Kind of error.
   *
   * @default {"invalid_request_error"}
   */
  readonly type?: string;
  /**
   * Field at fault, with placeholders as in `text`.
   *
   * @default {null}
   */
  readonly param?: string;
  /** The message; `{name}` stands for a value. */
  readonly text: string;
  /**
   * HTTP status, where a request is refused with it.
   *
   * @default {400}
   */
  readonly status?: number;
  /** How the WebSocket is closed after the error; absent: it stays open. */
  readonly close?: { readonly code: number; readonly reason: string };
  /** How the rejection and its code are known. */
  readonly known: Known;
  /** How the words of the message are known. */
  readonly words: Known;
  /** Source of both. */
  readonly source: string;
  /** Date of the observation, as year and month; absent if assumed. */
  readonly date?: string;
}
