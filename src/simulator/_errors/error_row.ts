// This module is browser compatible.

/**
 * How a statement about the real server is known: from a recording, another project's live probe, a public report, the
 * documentation, or not at all.
 */
export type Known = "recorded" | "probed" | "reported" | "documented" | "assumed";

/** One way in which the server refuses something. */
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
  /** How it is known that the server refuses this with this code. */
  readonly known: Known;
  /** How the words of the message are known. */
  readonly words: Known;
  /** Where both come from. */
  readonly source: string;
  /** When that was seen, as year and month; absent for what is assumed. */
  readonly date?: string;
}
