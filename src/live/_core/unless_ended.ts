// This module is browser compatible.
import { ConnectionError } from "../../errors.ts";

/** Sends something, unless the connection has ended, which is reported separately. */
export function unlessEnded(send: () => void): void {
  try {
    send();
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
  }
}
