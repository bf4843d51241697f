// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { SessionGenerations } from "./session_generations.ts";

/** Runs a command, and repeats it on the next connection if its connection ends, or was dead when it timed out. */
export async function resend<T>(
  command: () => Promise<T>,
  session: Pick<SessionGenerations, "state"> & Partial<Pick<SessionGenerations, "check" | "connection">>,
): Promise<T> {
  for (;;) {
    const { connection } = session;
    try {
      return await command();
    } catch (error) {
      if (error instanceof DOMException && error.name === "TimeoutError") await session.check?.();
      const isLeft = error instanceof ConnectionError || connection !== session.connection;
      if (!isLeft || session.state === "closed") throw error;
    }
  }
}
