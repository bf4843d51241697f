// This module is browser compatible.
import { checkOptions, checkRequiredOptions, type OptionNames } from "../_internal/check_options.ts";
import { randomId } from "../_internal/ids.ts";
import { at, type WireEvent } from "../_internal/wire.ts";
import { encodeBase64, type PcmChunk, toBytes } from "../audio/mod.ts";
import { RealtimeApiError } from "../errors.ts";
import type { LiveDecision, LiveOutgoingEvent, LiveSessionResource, LiveSessionUpdateConfig } from "../protocol/mod.ts";
import { userItem } from "./_delegation/backend_calls.ts";
import type { LiveCoreOptions } from "./_core/core_options.ts";
import { LiveCore } from "./_core/live_core.ts";
import { AudioPipe } from "../_media/audio_pipe.ts";
import { type LiveDelegationTask, type LiveInterval, type LiveWaitOptions, WAIT_NAMES } from "./live_delegation.ts";
import type { LiveCloseResult, LiveEvent, LiveEventMap } from "./live_events.ts";
import type { LiveMedia } from "./live_media.ts";
import type { LivePipeResult, LivePipes } from "./live_pipes.ts";
import type {
  LiveAppendOptions,
  LiveCloseOptions,
  LiveInputClock,
  LiveMuteOptions,
  LiveSession,
} from "./live_session.ts";
import type { LiveSendOptions } from "./live_transport.ts";
import type { LiveTurn } from "./live_turn.ts";
import type { LiveSessionUsage } from "./live_usage.ts";

/** Bytes of a millisecond of a fixture, which is 24 kHz PCM16 whatever the format of the session. */
const FIXTURE_BYTES_PER_MS = 48;

/** Dependencies of a session. */
interface OpenLiveSessionOptions extends Omit<LiveCoreOptions, "toolSession"> {
  /** Identifier, if known. */
  readonly id?: string | undefined;
}

/** The commands of a Live session. */
export class OpenLiveSession implements LiveSession {
  readonly #core: LiveCore;
  readonly #options: OpenLiveSessionOptions;
  /** Whether the last request to the server was to mute, and not rejected. */
  #asksToMute = false;
  #pipe: AudioPipe<Uint8Array<ArrayBuffer>> | undefined;

  constructor(options: OpenLiveSessionOptions) {
    this.#core = new LiveCore({ ...options, toolSession: this });
    this.#options = options;
  }

  get id(): string {
    return this.config?.id ?? this.#options.id ?? "";
  }

  get config(): LiveSessionResource | undefined {
    return this.#core.config;
  }

  get input(): WritableStream<PcmChunk> {
    return this.#core.input.audio.stream;
  }

  get output(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#core.output.stream;
  }

  get inputClock(): LiveInputClock {
    const { audio: { droppedMs, lagMs }, keeper } = this.#core.input;
    return { ...keeper, lagMs, droppedMs };
  }

  get isSpeaking(): boolean {
    return this.#core.isSpeaking;
  }

  get muted(): boolean {
    return this.#core.isServerMuted || this.#microphone.muted;
  }

  get usage(): LiveSessionUsage {
    return this.#core.meter.usage;
  }

  get state(): "open" | "reconnecting" | "closed" {
    return this.#core.state;
  }

  get closed(): Promise<LiveCloseResult> {
    return this.#core.closed;
  }

  /** Starts reading, and starts the session, unless it has already started; resolves when it has. */
  async open(): Promise<void> {
    await this.#core.start();
    this.#core.news.ready();
    const maxDurationMs = this.#options.limits?.maxDurationMs;
    if (maxDurationMs === undefined) return;
    const end = async () => {
      // An observer without a connection cannot end the session yet.
      await this.#core.opened;
      await this.#core.close(true);
    };
    const cancel = this.#options.clock.schedule(() => void end(), maxDurationMs);
    void this.closed.then(cancel);
  }

  async say(text: string, options?: LiveAppendOptions): Promise<LiveInterval> {
    return await this.#core.append("commentary", text, options);
  }

  async inform(text: string, options?: LiveAppendOptions): Promise<LiveInterval> {
    return await this.#core.append("thinking", text, options);
  }

  async instruct(text: string, options?: LiveAppendOptions): Promise<LiveInterval> {
    return await this.#core.append("instructions", text, options);
  }

  // deno-lint-ignore require-await -- it rejects, rather than throws
  async sendMessage(text: string): Promise<string> {
    const { calls, config } = this.#core;
    // On a sideband, the server may not have reported it: then it decides.
    const type = config ? config.delegation?.type ?? "client" : "responses";
    if (type !== "responses") {
      throw new TypeError(
        `Cannot send a message as the session's delegation must be responses: current value is ${type}; ` +
          "use inform() or instruct()",
      );
    }
    if (text.trim() === "") throw new TypeError("Cannot send a message as it must not be blank");
    const item = userItem(text);
    if (!calls.fits(item)) {
      throw new RangeError(
        `Cannot send a message as it exceeds the rest of the backend's limit: it has ${text.length} characters`,
      );
    }
    const name = randomId("ev");
    this.send({ type: "response.item.create", event_id: name, item });
    calls.take(item);
    return name;
  }

  async update(changes: LiveSessionUpdateConfig, options: LiveWaitOptions = {}): Promise<LiveSessionResource> {
    await this.#ask({ type: "session.update", session: changes }, "session.updated", options);
    return this.#core.config!;
  }

  async mute(options: LiveMuteOptions = {}): Promise<void> {
    await this.#mute(true, options);
  }

  async unmute(options: LiveMuteOptions = {}): Promise<void> {
    await this.#mute(false, options);
  }

  async decide(options: LiveWaitOptions = {}): Promise<LiveDecision> {
    const event = await this.#ask({ type: "decision.create", event_id: randomId("ev") }, "decision.event", options);
    return at(event.event, "decision") as LiveDecision;
  }

  async playFixture(audio: Uint8Array | Int16Array, options: LiveWaitOptions = {}): Promise<void> {
    const bytes = audio instanceof Int16Array ? toBytes(audio) : audio;
    const event = { type: "session.output_audio.fixture.play", audio: encodeBase64(bytes) } as const;
    const durationMs = bytes.length / FIXTURE_BYTES_PER_MS;
    await this.#ask(event, "session.output_audio.fixture.played", options, durationMs);
  }

  async pressKey(key: string, options: LiveWaitOptions = {}): Promise<void> {
    await this.#ask({ type: "transport.dtmf.send", event: key }, "transport.dtmf.sent", options);
  }

  async pipe(pipes: LivePipes): Promise<LivePipeResult> {
    checkRequiredOptions("pipe audio", pipes, { from: 1, to: 1 } satisfies OptionNames<LivePipes>);
    const { from, to } = pipes;
    const { input, news, output } = this.#core;
    this.#pipe ??= new AudioPipe({
      input: input.audio,
      output: output.stream,
      bytesOf: (bytes) => bytes,
      msOf: ({ length }) => output.msOf(length),
      closed: this.closed,
      onError: (error, end) => news.fail(error, end),
      clock: this.#options.clock,
    });
    return await this.#pipe.pipe({ from, to: typeof to === "function" ? (bytes) => to(bytes) : to });
  }

  delegations(): AsyncIterableIterator<LiveDelegationTask, void, undefined> {
    return this.#core.tasks.read();
  }

  transcripts(): AsyncIterableIterator<LiveTurn, void, undefined> {
    return this.#core.news.turns();
  }

  events(): AsyncIterableIterator<LiveEvent, void, undefined> {
    return this.#core.news.events();
  }

  on<T extends keyof LiveEventMap & string>(type: T, listener: (event: LiveEventMap[T]) => void): () => void {
    return this.#core.news.on(type, listener);
  }

  send(event: LiveOutgoingEvent, options: LiveSendOptions = {}): void {
    this.#core.transport.send(event, options);
  }

  close(options: LiveCloseOptions = {}): Promise<LiveCloseResult> {
    try {
      checkOptions("close the session", options, { endSession: 1 } satisfies OptionNames<LiveCloseOptions>);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#core.close(options.endSession ?? this.#core.connection !== "sideband");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #microphone(): Pick<LiveMedia, "muted" | "mute"> {
    return this.#options.media?.channel ?? this.#core.input;
  }

  async #ask(
    event: LiveOutgoingEvent,
    answer: string,
    options: LiveWaitOptions,
    durationMs = 0,
  ): Promise<WireEvent> {
    checkOptions(`send ${event.type}`, options, WAIT_NAMES);
    return await this.#core.pending.ask(event, answer, { ...options, durationMs });
  }

  async #mute(isMuted: boolean, options: LiveMuteOptions): Promise<void> {
    checkOptions(isMuted ? "mute" : "unmute", options, { ...WAIT_NAMES, server: 1 });
    const { server, signal } = options;
    signal?.throwIfAborted();
    const onServer = server ?? this.#core.connection === "sideband";
    if (!onServer || !isMuted) this.#microphone.mute(isMuted);
    // Unmuting undoes both, even if the server has not confirmed yet that it has muted.
    if (!onServer && (isMuted || !this.#core.isServerMuted && !this.#asksToMute)) return;
    const type = isMuted ? "session.input_audio.mute" : "session.input_audio.unmute";
    this.#asksToMute = isMuted;
    try {
      await this.#ask({ type }, `${type}d`, { signal });
    } catch (error) {
      // After an abort or a timeout, the server may still mute.
      if (error instanceof RealtimeApiError) this.#asksToMute = false;
      throw error;
    }
  }
}
