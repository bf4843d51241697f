// This module is browser compatible.
import { ConnectionError } from "../errors.ts";

/** Runs a command, and repeats it once on the next connection if its connection ends. */
export async function resend<T>(command: () => Promise<T>, session: { readonly state: string }): Promise<T> {
  for (;;) {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof ConnectionError) || session.state === "closed") throw error;
    }
  }
}
