// This module is browser compatible.
import type { ApiTarget } from "../_internal/api_target.ts";

/** What decides whether a session survives its connection. */
export interface ReopenTarget extends Pick<ApiTarget, "apiKey" | "azure"> {
  /** What the caller asks for. */
  readonly recovery?: object | false | undefined;
  /** A connection that the caller has opened. */
  readonly transport?: object | undefined;
}

/**
 * Whether a session survives its connection: one that dials itself, and has a credential that serves more than once.
 * A caller who passes options says so for a client secret, too. `hint` ends the message for a caller who may do otherwise.
 *
 * @throws {TypeError} when a connection that the caller has opened is to be opened again.
 */
export function canReopen({ apiKey, azure, recovery, transport }: ReopenTarget, hint = ""): boolean {
  if (recovery && transport) throw new TypeError(`Cannot recover a transport as it cannot be opened again${hint}`);
  if (recovery === false || transport) return false;
  const credential = azure ? azure.apiKey ?? azure.token : apiKey;
  const isSpent = typeof credential === "string" && credential.trim().startsWith("ek_");
  return !isSpent || recovery !== undefined;
}
