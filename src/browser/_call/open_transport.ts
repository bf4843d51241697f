// This module is browser compatible.
import type { CloseInfo } from "../../errors.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import type { IncomingEvent, SendOptions, Transport } from "../../transport/mod.ts";
import { toTransport } from "../../transport/socket_transport.ts";
import type { WebRtcOptions } from "../web_rtc_options.ts";
import type { WebRtcTransport } from "../web_rtc_transport.ts";
import { CallLine } from "./call_line.ts";
import { openLine } from "./open_line.ts";
import type { PeerCall } from "./peer_call.ts";

/** The transport of a line's first call, which is also the line. */
export class OpenTransport extends CallLine implements WebRtcTransport {
  readonly playback = "server" as const;
  readonly shared = true;
  readonly #options: WebRtcOptions;
  readonly #others = new WeakMap<Transport, PeerCall>();
  #transport!: Transport;

  private constructor(...[options, ...rest]: ConstructorParameters<typeof CallLine>) {
    super(options, ...rest);
    this.#options = options;
  }

  /** Asks for the microphone, and calls; the errors are those of {@linkcode openLine}. */
  static async dial(options: WebRtcOptions): Promise<OpenTransport> {
    const line = await openLine(options, (microphone) => new OpenTransport(options, microphone, true));
    line.#transport = line.#over(line.call);
    return line;
  }

  get url(): string {
    return this.#transport.url;
  }

  get events(): ReadableStream<IncomingEvent> {
    return this.#transport.events;
  }

  read(): Promise<IteratorResult<IncomingEvent, undefined>> {
    return this.#transport.read!();
  }

  get bufferedAmount(): number {
    return this.#transport.bufferedAmount;
  }

  get closed(): Promise<CloseInfo> {
    return this.#transport.closed;
  }

  send(event: ClientEvent, options?: SendOptions): void {
    this.#transport.send(event, options);
  }

  close(code?: number, reason?: string): Promise<CloseInfo> {
    return this.#transport.close(code, reason);
  }

  check(event: ClientEvent): void {
    this.#transport.check?.(event);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Creates another call, over whose transport the line speaks and listens after {@linkcode take}. */
  async another(signal: AbortSignal): Promise<Transport> {
    const call = await this.redial(signal);
    const transport = this.#over(call);
    this.#others.set(transport, call);
    return transport;
  }

  /** Speaks and listens over another call from now on. */
  take(transport: Transport): void {
    const call = this.#others.get(transport);
    if (call) this.use(call);
  }

  #over({ answer, socket }: PeerCall): Transport {
    const { playback, shared } = this;
    return toTransport(socket!, { url: answer?.url ?? "webrtc:", clock: this.#options.clock, playback, shared });
  }
}
