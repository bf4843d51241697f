import { encodeBase64, toBytes } from "../../src/audio/mod.ts";
import type { Socket, SocketEnd } from "../../src/transport/socket.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import type { SimulatorOptions } from "../../src/simulator/simulator_options.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/virtual_clock.ts";

/** A server event as received. */
export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface ClientOptions extends Omit<SimulatorOptions, "clock">, Scripted {
  readonly url?: string | undefined;
  readonly headers?: HeadersInit | undefined;
  readonly protocols?: readonly string[] | undefined;
}

/** The members of scripted models in addition to an option of the simulator. */
interface Scripted {
  readonly contexts?: readonly unknown[];
}

/** A client without logic, on a virtual clock: its frames are written out, received ones are kept. */
export class Client {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly received: Frame[] = [];
  closed: SocketEnd | undefined;
  /** Called with each frame as it arrives. */
  onFrame: (frame: Frame) => void = () => {};
  #socket!: Socket;
  #read = 0;

  static async connect(options: ClientOptions = {}): Promise<Client> {
    const { url, headers, protocols, ...simulatorOptions } = options;
    const client = new Client(simulatorOptions);
    await client.dial(url, headers, protocols);
    await client.clock.advance(10);
    return client;
  }

  /** Connects and drops `session.created`. */
  static async open(options: ClientOptions = {}): Promise<Client> {
    const client = await Client.connect(options);
    client.take();
    return client;
  }

  /** A client with its own simulator, or with that of `other`. */
  constructor(options: SimulatorOptions & Scripted, other?: Pick<Client, "clock" | "simulator">) {
    const { contexts: _contexts, ...simulatorOptions } = options;
    this.clock = other?.clock ?? createVirtualClock();
    this.simulator = other?.simulator ?? createSimulator({ ...simulatorOptions, clock: this.clock });
  }

  async dial(
    url = "wss://simulator/v1/realtime?model=gpt-realtime",
    headers: HeadersInit = { Authorization: "Bearer sk-test" },
    protocols: readonly string[] = [],
  ): Promise<void> {
    const signal = new AbortController().signal;
    this.join(await this.simulator.dial({ url: new URL(url), headers: new Headers(headers), protocols, signal }));
  }

  /** Talks over a socket that is open. */
  join(socket: Socket): void {
    this.#socket = socket;
    socket.listen({
      message: (data) => {
        const frame: Frame = JSON.parse(String(data));
        this.received.push(frame);
        this.onFrame(frame);
      },
      close: (info) => void (this.closed = info),
    });
  }

  /** Sends events, or other frames. */
  send(...events: (Readonly<Record<string, unknown>> | string)[]): void {
    for (const event of events) this.#socket.send(typeof event === "string" ? event : JSON.stringify(event));
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** Sends events, advances time and returns the received events. */
  async ask(event: Readonly<Record<string, unknown>> | string, ms = 0): Promise<Frame[]> {
    this.send(event);
    return await this.wait(ms);
  }

  /** Advances time and returns the received events. */
  async wait(ms: number): Promise<Frame[]> {
    await this.clock.advance(ms);
    return this.take();
  }

  /** Appends audio in pieces of 20 ms. */
  async speak(samples: Int16Array, msBetween = 0): Promise<void> {
    for (let start = 0; start < samples.length; start += 480) {
      const audio = encodeBase64(toBytes(samples.slice(start, start + 480)));
      this.send({ type: "input_audio_buffer.append", audio });
      if (msBetween > 0) await this.clock.advance(msBetween);
    }
    await this.clock.advance(0);
  }

  /** Returns the events received since the last call. */
  take(): Frame[] {
    const frames = this.received.slice(this.#read);
    this.#read = this.received.length;
    return frames;
  }
}

/** The types of events, with repeated ones listed once. */
export function typesOf(frames: readonly Frame[]): string[] {
  return frames.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
}

/** The only event of a type. */
export function only(frames: readonly Frame[], type: string): Frame {
  const found = frames.filter((frame) => frame.type === type);
  if (found.length !== 1) throw new Error(`Expected one ${type} among ${frames.map((frame) => frame.type)}`);
  return found[0]!;
}

/** The error of the only event. */
export function errorOf(frames: readonly Frame[]): unknown {
  if (frames.length !== 1) throw new Error(`Expected one error, got ${JSON.stringify(frames)}`);
  return only(frames, "error").error;
}

/** A typed message of the user. */
export function userText(
  text: string,
  fields: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    type: "conversation.item.create",
    item: { type: "message", role: "user", content: [{ type: "input_text", text }], ...fields },
  };
}
