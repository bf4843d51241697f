// This module is browser compatible.

/** Something of a kind newer than this version, or of another server's making, kept as it arrived. */
export interface UnknownKind {
  /** What it calls itself. */
  readonly type: string;
  /** Whatever else the server said. */
  readonly [field: string]: unknown;
}
