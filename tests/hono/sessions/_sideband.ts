import { createMemorySocketPair, type Dial, type DialRequest, type Socket } from "../../../src/transport/mod.ts";

/** The API's ends of connections to calls. */
export interface Sidebands {
  /** Opens them. */
  readonly dial: Dial;
  /** Dialled requests. */
  readonly dialled: readonly DialRequest[];
  /** Frames that came over any of them. */
  readonly received: readonly string[];
  /** Number of open ones. */
  readonly open: number;
  /** Sends an event over all of them. */
  send(event: unknown): void;
  /** Ends all of them. */
  close(code: number): void;
}

/** Creates the API's side of connections to calls, which sends nothing by itself. */
export function createSidebands(): Sidebands {
  const sockets = new Set<Socket>();
  const dialled: DialRequest[] = [];
  const received: string[] = [];
  return {
    dialled,
    received,
    dial(request) {
      dialled.push(request);
      const [ours, theirs] = createMemorySocketPair();
      sockets.add(theirs);
      theirs.listen({ message: (frame) => received.push(`${frame}`), close: () => sockets.delete(theirs) });
      return Promise.resolve(ours);
    },
    get open() {
      return sockets.size;
    },
    send(event) {
      for (const socket of sockets) socket.send(typeof event === "string" ? event : JSON.stringify(event));
    },
    close(code) {
      for (const socket of [...sockets]) socket.close(code);
    },
  };
}
