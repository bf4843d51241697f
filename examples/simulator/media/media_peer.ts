import type { Socket } from "@oai-rt/edge";
import type { SimulatorOptions } from "@oai-rt/edge/simulator";
import { CallAudio } from "./call_audio.ts";
import { type MediaCall, toMediaCall } from "./media_call.ts";
import { offeredAudio, offersChannel } from "./offer.ts";
import {
  loadMediaPackages,
  type NativeChannel,
  type NativePeer,
  type NativeTrack,
  type NodeDataChannel,
} from "./packages.ts";

/** Time that a caller has to connect, in milliseconds. */
const CONNECT_TIMEOUT_MS = 15_000;
/** Time that the last frames have to leave before the peer connection is closed, in milliseconds. */
const FAREWELL_MS = 50;

/** Answers the calls of a simulator. */
export interface MediaPeer {
  /** Answers an offer; the option of `createSimulator`. */
  readonly answerSdp: NonNullable<SimulatorOptions["answerSdp"]>;
  /** The same for sessions of the Live API. */
  readonly answerLiveSdp: NonNullable<SimulatorOptions["answerLiveSdp"]>;
  /** Number of open calls. */
  readonly openCalls: number;
  /**
   * Closes everything; resolves when it is closed. The program must then end by `Deno.exit()`: the library's threads
   * keep it running, and the function that stops them, `cleanup()` of node-datachannel 0.33, corrupts the memory of the
   * process. Of 15 programs that called it on a busy machine, with nothing open any more, 5 ended with a segmentation
   * fault; of 45 that ended without it none did, not even with open calls.
   */
  close(): Promise<void>;
}

/** Options of {@linkcode createMediaPeer}. */
export interface MediaPeerOptions {
  /**
   * Called with a line about a call that ended because of a failure.
   *
   * @default {console.error}
   */
  onError?: ((message: string) => void) | undefined;
}

/** Creates the peer of a simulator, which listens on the loopback address only. */
export async function createMediaPeer({ onError = console.error }: MediaPeerOptions = {}): Promise<MediaPeer> {
  const { opus, peers } = await loadMediaPackages();
  const open = new Set<CallPeer>();
  const answer = async (offer: string, call: MediaCall): Promise<string> => {
    const offered = offeredAudio(offer);
    const ssrc = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
    const audio = offered && await CallAudio.open(call, offered, ssrc, opus);
    const peer = new CallPeer(call, { peers, audio, hasChannel: offersChannel(offer), onError });
    open.add(peer);
    void peer.closed.then(() => open.delete(peer));
    try {
      if (offered) peer.addAudio(new peers.Audio(offered.mid, offered.direction), offered.payloadType, ssrc);
      return await peer.answer(offer);
    } catch (error) {
      peer.close();
      throw error;
    }
  };
  return {
    answerSdp: answer,
    answerLiveSdp: (offer, session) => answer(offer, toMediaCall(session)),
    get openCalls() {
      return open.size;
    },
    async close() {
      for (const peer of open) peer.close();
      await Promise.all([...open].map(({ closed }) => closed));
    },
  };
}

/** The parts of a call's peer. */
interface CallPeerParts {
  readonly peers: NodeDataChannel;
  readonly audio: CallAudio | undefined;
  /** Whether the caller offers a data channel. */
  readonly hasChannel: boolean;
  readonly onError: (message: string) => void;
}

/** The peer connection of one call. */
class CallPeer {
  readonly closed: Promise<void>;
  readonly #call: MediaCall;
  readonly #audio: CallAudio | undefined;
  readonly #hasChannel: boolean;
  readonly #onError: (message: string) => void;
  readonly #peer: NativePeer;
  readonly #end = Promise.withResolvers<void>();
  readonly #connectTimer: ReturnType<typeof setTimeout>;
  #track: NativeTrack | undefined;
  /** The session's end of the data channel, until that opens. */
  #session: Socket | undefined;
  #isClosed = false;

  constructor(call: MediaCall, { audio, hasChannel, onError, peers }: CallPeerParts) {
    this.#call = call;
    this.#audio = audio;
    this.#hasChannel = hasChannel;
    this.#onError = onError;
    this.closed = this.#end.promise;
    // Without disableAutoNegotiation the library answers by itself, and aborts the process when we do.
    this.#peer = new peers.PeerConnection(call.id, {
      iceServers: [],
      bindAddress: "127.0.0.1",
      disableAutoNegotiation: true,
    });
    this.#connectTimer = setTimeout(
      () => this.#fail(`it did not connect within ${CONNECT_TIMEOUT_MS} ms`),
      CONNECT_TIMEOUT_MS,
    );
    this.#peer.onStateChange((state) => {
      if (state === "connected") this.#connected();
      else if (state === "failed" || state === "closed") this.close();
    });
    this.#peer.onDataChannel((channel) => this.#join(channel));
    void call.ended.then(() => setTimeout(() => this.close(), FAREWELL_MS));
  }

  /** Adds our audio; before {@linkcode answer}. */
  addAudio(audio: InstanceType<NodeDataChannel["Audio"]>, payloadType: number, ssrc: number): void {
    audio.addOpusCodec(payloadType);
    audio.addSSRC(ssrc, "realtimeapi", "realtimeapi", "audio");
    this.#track = this.#peer.addTrack(audio);
  }

  /** Answers the offer, with every candidate in the answer. */
  async answer(offer: string): Promise<string> {
    const gathered = Promise.withResolvers<void>();
    this.#peer.onGatheringStateChange((state) => state === "complete" && gathered.resolve());
    this.#peer.setRemoteDescription(offer, "offer");
    this.#peer.setLocalDescription("answer");
    if (this.#peer.gatheringState() !== "complete") await Promise.race([gathered.promise, this.closed]);
    const sdp = this.#isClosed ? undefined : this.#peer.localDescription()?.sdp;
    if (sdp === undefined) throw new Error(`Cannot answer call ${this.#call.id} as it ended first`);
    return sdp;
  }

  /** Ends the call and releases everything; idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#connectTimer);
    this.#audio?.close();
    this.#call.hangUp();
    // The library may be in the middle of a callback of this very connection.
    setTimeout(() => {
      this.#peer.close();
      this.#end.resolve();
    });
  }

  #connected(): void {
    clearTimeout(this.#connectTimer);
    // The caller may speak before the channel opens, and must not miss the events about that.
    if (this.#hasChannel) this.#session ??= this.#call.openChannel();
    if (this.#track) this.#audio?.start(this.#track, (error) => this.#fail(messageOf(error)));
  }

  /** Joins the caller's data channel to the session's. */
  #join(channel: NativeChannel): void {
    const session = this.#session ?? this.#call.openChannel();
    this.#session = undefined;
    channel.onMessage((message) => {
      session.send(typeof message === "string" ? message : new TextDecoder().decode(message));
    });
    channel.onError((message) => this.#fail(message));
    channel.onClosed(() => this.close());
    const listen = () =>
      session.listen({
        message: (frame) => this.#send(channel, typeof frame === "string" ? frame : new TextDecoder().decode(frame)),
        close: () => channel.close(),
      });
    if (channel.isOpen()) listen();
    else channel.onOpen(listen);
  }

  /** Sends a frame. One that exceeds the caller's limit ends the call rather than the process. */
  #send(channel: NativeChannel, frame: string): void {
    if (this.#isClosed || !channel.isOpen()) return;
    try {
      channel.sendMessage(frame);
    } catch (error) {
      const bytes = new TextEncoder().encode(frame).length;
      this.#fail(`a frame of ${bytes} bytes could not be sent: ${messageOf(error)}`);
    }
  }

  #fail(reason: string): void {
    if (this.#isClosed) return;
    this.#onError(`Call ${this.#call.id} ended as ${reason}`);
    this.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
