// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { SessionGenerations } from "./session_generations.ts";

/** Number of connections on which a command is tried: perhaps it is the command that ends them. */
const MAX_CONNECTIONS = 5;

/**
 * Runs a command, and repeats it on the next connection, as `again`, if its connection ends, or was dead when it timed
 * out; at most on {@linkcode MAX_CONNECTIONS} connections.
 */
export async function resend<T>(
  command: () => Promise<T>,
  session: Pick<SessionGenerations, "state"> & Partial<Pick<SessionGenerations, "check" | "connection">>,
  again: () => Promise<T> = command,
): Promise<T> {
  for (let left = MAX_CONNECTIONS - 1, run = command;; left--, run = again) {
    const { connection } = session;
    try {
      return await run();
    } catch (error) {
      if (error instanceof DOMException && error.name === "TimeoutError") await session.check?.();
      const isLeft = error instanceof ConnectionError || connection !== session.connection;
      if (!isLeft || left === 0 || session.state === "closed") throw error;
    }
  }
}
