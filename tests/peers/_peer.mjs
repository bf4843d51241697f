// Common part of the scripts of all clients. They run on Node, Deno and Bun alike, each in a process of its own.
import { readFileSync } from "node:fs";
import process from "node:process";

/** Milliseconds that anything may take. */
const TIMEOUT_MS = 20_000;
/** Bytes of a millisecond of PCM16 at 24 kHz. */
export const BYTES_PER_MS = 48;

/** Base URL of the simulator, with the scheme `https:`. */
export const baseURL = String(process.env.PEER_BASE_URL);

/** Speech, as PCM16 at 24 kHz; what follows the header of the WAV file. */
export const speech = new Uint8Array(readFileSync(String(process.env.PEER_SPEECH)).subarray(44));

/** Speech in pieces of 100 ms, and silence of a second after it. */
export function* speechPieces() {
  const silence = new Uint8Array(1000 * BYTES_PER_MS);
  const piece = 100 * BYTES_PER_MS;
  for (const bytes of [speech, silence]) {
    for (let start = 0; start < bytes.length; start += piece) yield bytes.slice(start, start + piece);
  }
}

/** Events in the order in which they came, which can be waited for. */
export class Inbox {
  #events = [];
  #read = 0;
  #wake = () => {};
  #failure;

  /** Processes an event. */
  push(event) {
    this.#events.push(event);
    this.#wake();
  }

  /** Records that no more events follow; waiters are notified of the reason. */
  fail(message) {
    this.#failure = new Error(message);
    this.#wake();
  }

  /** Resolves with the next event of a type, or that `isIt` says yes to; those before it are past. */
  async next(isIt) {
    const matches = typeof isIt === "string" ? (event) => event.type === isIt : isIt;
    for (const deadline = Date.now() + TIMEOUT_MS; Date.now() < deadline;) {
      const found = this.#events.findIndex((event, index) => index >= this.#read && matches(event));
      if (found >= 0) {
        this.#read = found + 1;
        return this.#events[found];
      }
      if (this.#failure) throw this.#failure;
      await this.#more(deadline - Date.now());
    }
    const since = this.#events.slice(this.#read).map((event) => event.type);
    throw new Error(`Waited in vain for ${isIt}; there came ${JSON.stringify(since.slice(-30))}`);
  }

  /** Resolves with the first event of a type, even if it is past. */
  async first(type) {
    return this.all(type)[0] ?? await this.next(type);
  }

  /** Everything of a type that has come so far. */
  all(type) {
    return this.#events.filter((event) => event.type === type);
  }

  /** Types of the events that `isOf` says yes to, runs of the same one written once. */
  typesOf(isOf) {
    return this.#events.filter(isOf).map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
  }

  #more(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Runs a conversation, prints the result as JSON, and ends the process. */
export async function report(converse) {
  const verdict = {};
  try {
    await converse(verdict);
  } catch (error) {
    verdict.failure = String(error?.stack ?? error);
  }
  console.log(JSON.stringify(verdict));
  process.exit(verdict.failure === undefined ? 0 : 1);
}
