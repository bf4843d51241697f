import { type Frame, JitterBuffer } from "./jitter_buffer.ts";
import type { MediaCall } from "./media_call.ts";
import type { OfferedAudio } from "./offer.ts";
import type { LibOpus, NativeDecoder, NativeEncoder, NativeTrack } from "./packages.ts";
import { parseRtp, RtpWriter } from "./rtp.ts";
import { SilenceFiller } from "./silence_filler.ts";

/** Samples of 20 ms at 24 kHz, at which Opus is coded: the rate of the simulator, so that nothing is resampled. */
const FRAME_SAMPLES = 480;
const FRAME_MS = 20;
const BITRATE = 32_000;

/** The audio of one call: Opus in RTP on the one side, samples on the other. */
export class CallAudio {
  readonly #call: MediaCall;
  readonly #offered: OfferedAudio;
  readonly #encoder: NativeEncoder;
  readonly #decoder: NativeDecoder;
  readonly #buffer = new JitterBuffer();
  readonly #writer: RtpWriter;
  readonly #startedAt = performance.now();
  readonly #silence = new SilenceFiller(this.#startedAt);
  #stop = (): void => {};

  private constructor(call: MediaCall, offered: OfferedAudio, ssrc: number, codec: [NativeEncoder, NativeDecoder]) {
    this.#call = call;
    this.#offered = offered;
    [this.#encoder, this.#decoder] = codec;
    const [sequence = 0, timestamp = 0] = crypto.getRandomValues(new Uint32Array(2));
    this.#writer = new RtpWriter({ payloadType: offered.payloadType, ssrc, sequence: sequence & 0xffff, timestamp });
  }

  /** Creates the codecs of a call. */
  static async open(call: MediaCall, offered: OfferedAudio, ssrc: number, opus: LibOpus): Promise<CallAudio> {
    const options = { channels: 1, sampleRate: 24_000 } as const;
    const codec = await Promise.all([
      opus.createEncoder({ ...options, frameSize: FRAME_SAMPLES, bitrate: BITRATE }),
      opus.createDecoder(options),
    ]);
    return new CallAudio(call, offered, ssrc, codec);
  }

  /** Starts carrying audio over an open track; failures go to `onError`. */
  start(track: NativeTrack, onError: (error: unknown) => void): void {
    const guard = <Args extends unknown[]>(act: (...args: Args) => void) => (...args: Args) => {
      try {
        act(...args);
      } catch (error) {
        onError(error);
      }
    };
    const stopListening = this.#call.onAudio(guard((samples) => this.#send(track, samples)));
    const timer = setInterval(guard(() => this.#hear(this.#silence.due(performance.now()))), FRAME_MS);
    let isStopped = false;
    track.onMessage(guard((packet) => {
      if (!isStopped) this.#receive(packet);
    }));
    this.#stop = () => {
      isStopped = true;
      stopListening();
      clearInterval(timer);
    };
  }

  /** Ends it, and frees the codecs; once. */
  close(): void {
    this.#stop();
    this.#encoder.free();
    this.#decoder.free();
  }

  #send(track: NativeTrack, samples: Int16Array): void {
    if (!track.isOpen() || this.#offered.direction === "RecvOnly") return;
    for (let start = 0; start < samples.length; start += FRAME_SAMPLES) {
      const frame = new Int16Array(FRAME_SAMPLES);
      frame.set(samples.subarray(start, start + FRAME_SAMPLES));
      const packet = this.#writer.write(this.#encoder.encode(frame), performance.now() - this.#startedAt);
      try {
        track.sendMessageBinary(packet);
      } catch {
        // It closes on a thread of the library's own. The state of the connection ends the call, not a lost packet.
        return;
      }
    }
  }

  #receive(bytes: Uint8Array): void {
    const packet = parseRtp(bytes);
    if (packet?.payloadType !== this.#offered.payloadType || packet.payload.length === 0) return;
    this.#silence.arrived(performance.now());
    for (const frame of this.#buffer.push(packet)) this.#hear(this.#decode(frame));
  }

  /** Decodes a frame. One that is damaged is concealed as a lost one: the caller goes on speaking. */
  #decode(frame: Frame): Int16Array {
    try {
      if (frame !== "lost") return this.#decoder.decode(frame);
    } catch (error) {
      if (!/corrupted stream/.test(String(error))) throw error;
    }
    return this.#decoder.decodePacketLoss(FRAME_SAMPLES);
  }

  #hear(samples: Int16Array): void {
    if (samples.length > 0) this.#call.hear(samples);
  }
}
