import type { PlayerCommand } from "../../src/browser/_worklets/messages.ts";
import type {
  AnalyserNodeLike,
  AudioContextLike,
  DataChannelLike,
  GainNodeLike,
  MediaStreamLike,
  MediaStreamTrackLike,
  PeerConnectionLike,
  WorkletNodeLike,
} from "../../src/browser/mod.ts";

/** A track without a device. */
export class FakeTrack implements MediaStreamTrackLike {
  readonly kind = "audio";
  enabled = true;
  readyState = "live";
  readonly #listeners = new Set<() => void>();

  constructor(readonly label = "fake") {}

  /** Number of registered listeners. */
  get listeners(): number {
    return this.#listeners.size;
  }

  stop(): void {
    this.readyState = "ended";
  }

  getSettings(): object {
    return { deviceId: this.label };
  }

  addEventListener(_type: "ended", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "ended", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Simulates that the device is unplugged. */
  pull(): void {
    this.readyState = "ended";
    for (const listener of [...this.#listeners]) listener();
  }
}

/** A stream of one track. */
export function streamOf(track: MediaStreamTrackLike): MediaStreamLike {
  return { getAudioTracks: () => [track] };
}

/** Devices scripted by the test. */
export class FakeDevices {
  readonly asked: object[] = [];
  /** Returns the next stream, or throws. */
  next: () => MediaStreamLike | Promise<MediaStreamLike> = () => streamOf(new FakeTrack());

  async getUserMedia({ audio }: { audio: object }): Promise<MediaStreamLike> {
    this.asked.push(audio);
    return await this.next();
  }

  addEventListener(): void {}
  removeEventListener(): void {}
}

/** A data channel without a connection. */
export class FakeChannel implements DataChannelLike {
  readyState = "connecting";
  bufferedAmount = 0;
  onmessage: DataChannelLike["onmessage"] = null;
  onopen: DataChannelLike["onopen"] = null;
  onclose: DataChannelLike["onclose"] = null;
  readonly sent: string[] = [];
  closes = 0;

  send(message: string): void {
    this.sent.push(message);
  }

  close(): void {
    this.closes++;
    this.readyState = "closing";
  }

  /** Opens the channel. */
  open(): void {
    this.readyState = "open";
    this.onopen?.({} as never);
  }

  /** Delivers a message. */
  receive(data: unknown): void {
    this.onmessage?.({ data } as never);
  }

  /** Closes the channel. */
  end(): void {
    this.readyState = "closed";
    this.onclose?.({} as never);
  }
}

/** A peer connection without a network. */
export class FakePeer implements PeerConnectionLike {
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  sctp: { maxMessageSize: number } | null = { maxMessageSize: 262_144 };
  onconnectionstatechange: PeerConnectionLike["onconnectionstatechange"] = null;
  ontrack: PeerConnectionLike["ontrack"] = null;
  readonly channel = new FakeChannel();
  readonly transceivers: unknown[] = [];
  readonly replaced: unknown[] = [];
  readonly answers: string[] = [];
  /** Called once the answer is set. */
  onAnswer = (): void => this.connect();
  closes = 0;

  addTransceiver(...args: unknown[]): { sender: { replaceTrack(track: unknown): Promise<void> } } {
    this.transceivers.push(args);
    return { sender: { replaceTrack: (track) => Promise.resolve(void this.replaced.push(track)) } };
  }

  createDataChannel(): FakeChannel {
    return this.channel;
  }

  setLocalDescription(): Promise<void> {
    this.localDescription = { sdp: "v=0\r\noffer" };
    return Promise.resolve();
  }

  setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    this.answers.push(sdp);
    this.onAnswer();
    return Promise.resolve();
  }

  getStats(): Promise<Map<string, Record<string, unknown>>> {
    return Promise.resolve(new Map());
  }

  close(): void {
    this.closes++;
    this.connectionState = "closed";
  }

  /** Changes the state. */
  become(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.({} as never);
  }

  /** The connection is established. */
  connect(): void {
    this.become("connected");
    this.channel.open();
  }
}

/** A node that only remembers whether it is connected. */
export class FakeNode implements GainNodeLike, AnalyserNodeLike {
  readonly gain = { value: 1, setTargetAtTime: (target: number) => void (this.gain.value = target) };
  fftSize = 0;
  isConnected = false;

  connect(): void {
    this.isConnected = true;
  }

  disconnect(): void {
    this.isConnected = false;
  }

  getFloatTimeDomainData(): void {}
}

/** An audio worklet node whose processor is the test. */
export class FakeWorkletNode extends FakeNode implements WorkletNodeLike {
  static readonly made: FakeWorkletNode[] = [];
  readonly commands: PlayerCommand[] = [];
  readonly port: WorkletNodeLike["port"] & { isClosed: boolean } = {
    onmessage: null,
    isClosed: false,
    postMessage: (message) => void this.commands.push(message as PlayerCommand),
    close() {
      this.isClosed = true;
    },
  };

  constructor(_context: AudioContextLike, readonly name: string) {
    super();
    FakeWorkletNode.made.push(this);
  }

  /** Sends a message of the processor. */
  say(data: unknown): void {
    this.port.onmessage?.({ data });
  }
}

/** A context without sound. */
export class FakeContext implements AudioContextLike {
  state = "running";
  currentTime = 0;
  readonly destination = new FakeNode();
  readonly loaded: string[] = [];
  readonly sources: FakeNode[] = [];
  closes = 0;
  sinkId = "";
  /** Refuses an address of a worklet. */
  refuses = (_url: string): boolean => false;
  readonly audioWorklet = {
    addModule: (url: string) => {
      this.loaded.push(url.replace(/^blob:.*/, "blob:").replace(/^file:.*\//, "file:"));
      return this.refuses(url) ? Promise.reject(new DOMException("", "AbortError")) : Promise.resolve();
    },
  };

  constructor(readonly sampleRate = 24_000) {}

  createMediaStreamSource(): FakeNode {
    const node = new FakeNode();
    this.sources.push(node);
    return node;
  }

  createGain(): FakeNode {
    return new FakeNode();
  }

  createAnalyser(): FakeNode {
    return new FakeNode();
  }

  resume(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closes++;
    return Promise.resolve();
  }

  setSinkId(id: string): Promise<void> {
    this.sinkId = id;
    return Promise.resolve();
  }
}
