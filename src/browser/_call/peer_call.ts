// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { ConnectionError } from "../../errors.ts";
import type { SocketEnd } from "../../transport/socket.ts";
import type { SdpAnswer } from "../exchange_sdp.ts";
import type { MicrophoneTrack } from "../microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike, RtpSenderLike, TrackEventLike } from "../peer_connection.ts";
import type { WebRtcOptions } from "../web_rtc_options.ts";
import { toStream } from "../_audio/page_audio.ts";
import { ChannelSocket } from "./channel_socket.ts";
import { createPagePeer } from "./page_peer.ts";
import { PeerWatch } from "./peer_watch.ts";

/** Label of the data channel, as the API expects it. */
const CHANNEL = "oai-events";
/** Maximum size of a message when the connection does not report one, in bytes. */
const DEFAULT_MAX_MESSAGE_SIZE = 65_536;
/** Time that the other side has to close the data channel, in milliseconds. */
const FAREWELL_MS = 200;

/** The line that a peer call belongs to. */
export interface PeerCallHost extends Pick<WebRtcOptions, "createPeer" | "exchange"> {
  readonly clock: Clock;
  /** Longest interruption of the connection, in milliseconds. */
  readonly graceMs: number;
  /** Whether there is a data channel in addition to the sound. */
  readonly withChannel: boolean;
  readonly microphone: MicrophoneTrack | undefined;
  /** The model's voice has arrived. */
  onRemote(call: PeerCall): void;
  /** Inspects each text frame of either side. */
  onFrame(call: PeerCall, frame: string): void;
  /** The connection was interrupted and may return, or has returned. */
  onInterrupted(call: PeerCall, isInterrupted: boolean): void;
  /** The call has ended, and its connection is released. */
  onEnd(call: PeerCall, info: SocketEnd): void;
}

/** Options of {@linkcode PeerCall.dial}. */
export interface DialOptions {
  readonly signal?: AbortSignal | undefined;
  /** Timeout in milliseconds. */
  readonly timeoutMs: number | undefined;
}

/** One peer connection with its sender and, if any, its data channel. Every end releases it. */
export class PeerCall {
  readonly peer: PeerConnectionLike;
  /** The data channel; `undefined` for a call that only carries sound. */
  readonly socket: ChannelSocket | undefined;
  readonly closed: Promise<SocketEnd>;
  answer: SdpAnswer | undefined;
  /** The model's voice, once it has arrived. */
  remote: MediaStreamLike | undefined;
  readonly #host: PeerCallHost;
  readonly #watch: PeerWatch;
  readonly #sender: RtpSenderLike | undefined;
  readonly #ready = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<SocketEnd>();
  #cancelFarewell = (): void => {};
  #ended: SocketEnd | undefined;
  #answering: Promise<SdpAnswer> | undefined;
  #hangingUp: Promise<string | undefined | void> | undefined;

  /** @param isHeld Whether the microphone is not sent until {@linkcode send}. */
  constructor(host: PeerCallHost, isHeld: boolean) {
    const { clock, createPeer = createPagePeer, graceMs, withChannel } = host;
    this.#host = host;
    this.closed = this.#end.promise;
    this.#watch = new PeerWatch(graceMs, clock, {
      onInterrupted: (isInterrupted) => host.onInterrupted(this, isInterrupted),
      onDead: () => this.end({ code: 1006, reason: "The other side is gone" }),
    });
    const peer = this.peer = createPeer();
    // The rejection is reported by `dial()`, if that is still pending.
    this.#ready.promise.catch(() => {});
    // What may fail comes before all listeners, so that none is left then.
    try {
      this.#sender = this.#addAudio(isHeld);
      this.socket = withChannel ? this.#openChannel() : undefined;
    } catch (error) {
      peer.close();
      throw error;
    }
    peer.onconnectionstatechange = () => {
      this.#watch.change(peer.connectionState);
      if (!withChannel && peer.connectionState === "connected") this.#ready.resolve();
    };
    peer.ontrack = ({ streams, track }: TrackEventLike) => {
      this.remote = streams[0] ?? toStream(track);
      host.onRemote(this);
    };
  }

  /**
   * Dials. A failure ends the call.
   *
   * @throws {ConnectionError} when the call is refused, or no connection is established.
   * @throws {DOMException} `AbortError` when aborted, `TimeoutError` on a timeout.
   */
  async dial(options: DialOptions): Promise<void> {
    try {
      await this.#dial(options);
    } catch (error) {
      this.end({ code: 1006, reason: "The call was not established" });
      // The server may have started it, even if its answer was late.
      this.#answering?.then((answer) => this.hangUp(answer)).catch(() => {});
      throw error;
    }
  }

  /**
   * Asks the server to end the call, if the exchange supports it: once, and again only if that fails. Resolves with the
   * reason for which the call had already ended, if known.
   */
  async hangUp(answer: SdpAnswer | undefined = this.answer): Promise<string | undefined | void> {
    this.#hangingUp ??= answer?.hangUp?.();
    this.#hangingUp?.catch(() => this.#hangingUp = undefined);
    return await this.#hangingUp;
  }

  /** Sends the current microphone from now on. */
  async send(): Promise<void> {
    const { microphone } = this.#host;
    if (microphone && !this.#ended) await this.#sender?.replaceTrack(microphone.track);
  }

  /** Ends the call and releases it; only the first end counts. */
  end(info: SocketEnd): void {
    if (this.#ended) return;
    this.#ended = info;
    this.#ready.reject(this.#endError());
    try {
      this.peer.onconnectionstatechange = null;
      this.peer.ontrack = null;
      this.#watch.stop();
      this.#cancelFarewell();
      this.peer.close();
    } catch (error) {
      console.error(error);
    }
    this.#host.onEnd(this, info);
    this.socket?.end(info);
    this.#end.resolve(info);
  }

  async #dial({ signal, timeoutMs }: DialOptions): Promise<void> {
    const { clock, exchange } = this.#host;
    const startMs = clock.now();
    const inTime = <T>(what: string, task: (signal: AbortSignal) => Promise<T>) => {
      const leftMs = timeoutMs && Math.max(0, Math.round(startMs + timeoutMs - clock.now()));
      return withTimeout(task, { what, signal, timeoutMs: leftMs, clock });
    };
    await inTime("create an offer", () => this.peer.setLocalDescription());
    // It may have ended meanwhile: nothing must begin that would have to be hung up.
    this.#assertOpen();
    const offer = this.peer.localDescription?.sdp ?? "";
    const answer = await inTime("exchange SDP", (signal) => {
      this.#answering = (async () => await exchange(offer, { signal }))();
      return this.#answering;
    });
    this.#assertOpen();
    if (typeof answer?.sdp !== "string" || !answer.sdp.startsWith("v=0")) {
      throw new ConnectionError("Cannot call as the exchange must return SDP, which begins with v=0", {
        kind: "refused",
        url: answer?.url,
      });
    }
    this.answer = answer;
    await inTime(
      "connect over WebRTC, although the call was answered (a firewall?),",
      async () => {
        await this.#accept(answer);
        await this.#ready.promise;
      },
    );
    this.#assertOpen();
  }

  async #accept({ sdp, url }: SdpAnswer): Promise<void> {
    try {
      await this.peer.setRemoteDescription({ type: "answer", sdp });
    } catch (cause) {
      throw new ConnectionError("Cannot call as the browser rejects the SDP of the answer", {
        kind: "refused",
        url,
        cause,
      });
    }
  }

  #assertOpen(): void {
    if (this.#ended) throw this.#endError();
  }

  #endError(): ConnectionError {
    const message = "Cannot connect over WebRTC as no connection was established (a firewall?)";
    return new ConnectionError(message, { kind: "unreachable", url: this.answer?.url });
  }

  #openChannel(): ChannelSocket {
    const channel = this.peer.createDataChannel(CHANNEL);
    channel.onopen = () => this.#ready.resolve();
    return new ChannelSocket(channel, {
      maxMessageSize: () => this.peer.sctp?.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
      onFrame: (frame) => this.#host.onFrame(this, frame),
      onClosing: () => {
        const goodbye = () => this.end({ code: 1000, reason: "" });
        this.#cancelFarewell = this.#host.clock.schedule(goodbye, FAREWELL_MS);
      },
      onClosed: (info) => this.end(info),
    });
  }

  /** Adds the audio section: it sends the microphone, or only receives. */
  #addAudio(isHeld: boolean): RtpSenderLike | undefined {
    const { peer } = this;
    const { microphone } = this.#host;
    if (!microphone) return void peer.addTransceiver("audio", { direction: "recvonly" });
    const streams = microphone.stream ? { streams: [microphone.stream] } : {};
    const source = isHeld ? "audio" : microphone.track;
    return peer.addTransceiver(source, { direction: "sendrecv", ...streams }).sender;
  }
}
