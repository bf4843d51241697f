import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import type { Dial, SocketListener } from "../../src/transport/mod.ts";

/** A request to the simulator's isolate: a step of time, and the client's frames since the last one. */
export interface StepRequest {
  /** Length of the step, in milliseconds. */
  readonly ms: number;
  /** Frames of the client. */
  readonly frames: readonly string[];
}

/**
 * A simulator in another isolate, so that its memory is not the client's, with one connection. Both have a virtual clock;
 * time passes for both in steps, and what one sends in a step the other gets at the end of it.
 */
export class SteppedSimulator implements Disposable {
  /** The client's time. */
  readonly clock = createVirtualClock();
  readonly #worker = new Worker(new URL("./_simulator_worker.ts", import.meta.url), { type: "module" });
  /** The worker says something first when it is ready. */
  readonly #ready = this.#answer();
  #frames: string[] = [];
  #listener: SocketListener | undefined;

  /** Opens the connection. */
  readonly dial: Dial = () =>
    Promise.resolve({
      bufferedAmount: 0,
      send: (frame) => void this.#frames.push(frame),
      close: (code = 1000, reason = "") => this.#listener?.close({ code, reason }),
      listen: (listener) => void (this.#listener = listener),
    });

  /** Lets time pass for both sides. */
  async step(ms: number): Promise<void> {
    await this.#ready;
    const frames = this.#frames;
    this.#frames = [];
    const answer = this.#answer();
    this.#worker.postMessage({ ms, frames } satisfies StepRequest);
    await this.clock.advance(ms);
    for (const frame of await answer) this.#listener?.message(frame);
    await this.clock.advance(0);
  }

  /** Lets time pass until `promise` settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => void (isSettled = true);
    promise.then(settle, settle);
    while (!isSettled) await this.step(20);
    return await promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #answer(): Promise<readonly string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    this.#worker.onmessage = ({ data }) => resolve(data);
    this.#worker.onerror = ({ message }) => reject(new Error(message));
    return promise;
  }
}
