// This module is browser compatible.
import { encodeBase64 } from "../../audio/mod.ts";
import { createMemorySocketPair } from "../../transport/memory.ts";
import type { Socket } from "../../transport/socket.ts";
import { RunningSession } from "../_server/running_session.ts";
import { encodeAudio, wireAudioOf } from "../_session/input/audio_codec.ts";
import type { SessionSpec } from "../_session/session_spec.ts";
import type { SessionHost } from "../_server/session_host.ts";
import type { SimulatedCallEnd, SimulatedCallKind, SimulatedSipCall } from "../simulated_call.ts";

/** Close code of the sockets of a call that has ended. */
const NORMAL_CLOSURE = 1000;

/** An active call. It has the keys of a telephone, which a WebRTC call does not show. */
export class Call implements SimulatedSipCall {
  readonly id: string;
  readonly kind: SimulatedCallKind;
  readonly session: RunningSession;
  readonly ended: Promise<SimulatedCallEnd>;
  /** Whether it was made with a client secret. */
  isOfSecret = false;
  readonly #host: SessionHost;
  readonly #listeners = new Set<(samples: Int16Array) => void>();
  readonly #appendType: string;
  #end: SimulatedCallEnd = { reason: "closed" };

  /** @throws {ServerError} when the server would reject the session's settings. */
  constructor(id: string, kind: SimulatedCallKind, spec: SessionSpec, host: SessionHost) {
    this.id = id;
    this.kind = kind;
    this.#host = host;
    this.#appendType = `${spec.kind === "translation" ? "session." : ""}input_audio_buffer.append`;
    this.session = new RunningSession(spec, host, (samples) => {
      for (const listener of this.#listeners) listener(samples);
    });
    this.ended = this.session.closed.then(() => this.#end);
  }

  hear(samples: Int16Array): void {
    const { audio } = this.session.session;
    const format = audio?.input && "format" in audio.input ? audio.input.format : null;
    const bytes = encodeAudio(samples, wireAudioOf(format));
    this.session.receive(JSON.stringify({ type: this.#appendType, audio: encodeBase64(bytes) }));
  }

  onAudio(listener: (samples: Int16Array) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  openChannel(): Socket {
    const [caller, server] = createMemorySocketPair();
    this.session.announceTo(this.session.attach(server));
    return caller;
  }

  pressKey(key: string): void {
    if (!/^[0-9*#A-D]$/.test(key)) {
      throw new RangeError(`Cannot press a key as it must be one of 0-9, *, # and A-D: current value is ${key}`);
    }
    if (this.session.isClosing) return;
    const receivedAt = Math.floor(this.#host.unixTime() / 1000);
    // The only event without an id.
    const event = { type: "input_audio_buffer.dtmf_event_received", event: key, received_at: receivedAt };
    this.session.send(JSON.stringify(event));
  }

  hangUp(): void {
    this.end({ reason: "caller" });
  }

  /** Ends the call; the first reason counts. */
  end(end: SimulatedCallEnd): void {
    if (!this.session.isClosing) this.#end = end;
    this.session.close(NORMAL_CLOSURE);
  }
}
