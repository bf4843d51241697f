// This module is browser compatible.
import type { ApiTarget } from "../_internal/api_target.ts";

/** Options that decide whether a session survives its connection. */
export interface ReopenTarget extends Pick<ApiTarget, "apiKey" | "azure"> {
  /** The recovery options, if any. */
  readonly recovery?: object | false | undefined;
  /** A connection opened by the caller. */
  readonly transport?: object | undefined;
}

/**
 * Whether a session survives its connection: when it dials itself and has a credential that does not expire soon.
 * With explicit recovery options, a client secret is assumed to last, too. `hint` completes the error
 * message for callers with an alternative.
 *
 * @throws {TypeError} when recovery is requested for a connection opened by the caller.
 */
export function canReopen({ apiKey, azure, recovery, transport }: ReopenTarget, hint = ""): boolean {
  if (recovery && transport) throw new TypeError(`Cannot recover a transport as it cannot be opened again${hint}`);
  if (recovery === false || transport) return false;
  const credential = azure ? azure.apiKey ?? azure.token : apiKey;
  const expiresSoon = typeof credential === "string" && credential.trim().startsWith("ek_");
  return !expiresSoon || recovery !== undefined;
}
