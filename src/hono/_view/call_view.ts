import type { Clock } from "../../_internal/clock.ts";
import { randomId } from "../../_internal/ids.ts";
import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { WireEvent } from "../../_internal/wire.ts";

/** Interval of the heartbeats of a stream, in milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Limit of the bytes that wait for a slow page; beyond it its stream ends, and the page may reconnect. */
const MAX_UNREAD_BYTES = 4_194_304;

/** Limit of the characters of kept events, regardless of their number. */
const MAX_KEPT_CHARACTERS = 4_194_304;

/** Maximum number of concurrent streams of a call; with one more, the oldest ends. */
export const MAX_READERS = 16;

/**
 * Events that are shown to the page of a call. Its audio is carried by WebRTC, and its settings belong to the server.
 */
const SHOWN = new Set([
  "conversation.item.added",
  "conversation.item.created",
  "conversation.item.deleted",
  "conversation.item.done",
  "conversation.item.input_audio_transcription.completed",
  "conversation.item.input_audio_transcription.delta",
  "conversation.item.input_audio_transcription.failed",
  "conversation.item.truncated",
  "input_audio_buffer.committed",
  "input_audio_buffer.speech_started",
  "input_audio_buffer.speech_stopped",
  "output_audio_buffer.cleared",
  "output_audio_buffer.started",
  "output_audio_buffer.stopped",
  "response.content_part.added",
  "response.content_part.done",
  "response.created",
  "response.done",
  "response.output_audio_transcript.delta",
  "response.output_audio_transcript.done",
  "response.output_item.added",
  "response.output_item.done",
  "response.output_text.delta",
  "response.output_text.done",
  "session.closed",
  "session.created",
  "session.delegation.created",
  "session.input_audio.muted",
  "session.input_audio.unmuted",
  "session.input_transcript.delta",
  "session.output_transcript.delta",
  "session.started",
  "session.updated",
  "session.usage.updated",
]);

/** An event in the form of a stream. */
interface Shown {
  readonly id: string;
  readonly text: string;
}

/** A reading page. */
interface Reader {
  push(text: string): void;
  end(): void;
}

/** The page's view of a call: server-sent events, the last of which are kept for later readers. */
export class CallView {
  readonly #maxKept: number;
  readonly #kept: Shown[] = [];
  #keptCharacters = 0;
  readonly #readers = new Set<Reader>();
  /** Prefix of its event ids: another server's stream of the same call has others. */
  readonly #name = randomId("stream");
  #published = 0;
  #settings: string | undefined;
  #ended = false;

  /** @param maxKept number of events that are kept. */
  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** Publishes an event that the page may see, after `strip` has removed secrets. */
  show(event: WireEvent, strip: StripSecrets): void {
    if (!SHOWN.has(event.type) || this.#repeatsSettings(event)) return;
    this.#publish(event.type, strip(JSON.stringify(event)));
  }

  /** A session that probes or replaces its connection may receive the same settings again. */
  #repeatsSettings({ session, type }: WireEvent): boolean {
    if (type !== "session.created" && type !== "session.updated") return false;
    const settings = JSON.stringify(session);
    const repeats = settings === this.#settings;
    this.#settings = settings;
    return repeats;
  }

  /** Reports that the call has ended, and ends every stream. */
  end(reason: string): void {
    if (this.#ended) return;
    this.#publish("call.ended", JSON.stringify({ type: "call.ended", reason }));
    this.#ended = true;
    this.leave();
  }

  /** Ends every stream, but not the call: a page may follow it elsewhere. */
  leave(): void {
    for (const reader of this.#readers) reader.end();
  }

  /**
   * Creates a stream of the kept events after the event with this id, and of all later ones; `onLeave` is called at its
   * end.
   */
  read(lastEventId: string | undefined, clock: Clock, onLeave = () => {}): ReadableStream<Uint8Array> {
    // All of them after an id that is no longer kept, or that another server has given.
    const unread = this.#kept.slice(this.#kept.findIndex(({ id }) => id === lastEventId) + 1);
    const encoder = new TextEncoder();
    let cancelTimer: (() => void) | undefined;
    let reader: Reader | undefined;
    let isOpen = true;
    const leave = () => {
      if (!isOpen) return;
      isOpen = false;
      cancelTimer?.();
      if (reader) this.#readers.delete(reader);
      onLeave();
    };
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const end = () => {
        if (!isOpen) return;
        leave();
        controller.close();
      };
      const push = (text: string) => {
        if (!isOpen) return;
        if (-(controller.desiredSize ?? 0) > MAX_UNREAD_BYTES) return end();
        controller.enqueue(encoder.encode(text));
      };
      const beat = () => {
        cancelTimer = clock.schedule(() => {
          push(": still here\n\n");
          if (isOpen) beat();
        }, HEARTBEAT_MS);
      };
      push(": the events of the call\n\n");
      for (const { text } of unread) push(text);
      if (this.#ended) return end();
      reader = { push, end };
      const [oldest] = this.#readers;
      if (this.#readers.size >= MAX_READERS) oldest?.end();
      this.#readers.add(reader);
      beat();
    };
    const size = (chunk?: Uint8Array) => chunk?.byteLength ?? 0;
    return new ReadableStream({ start, cancel: leave }, { highWaterMark: 0, size });
  }

  #publish(type: string, json: string): void {
    const id = `${this.#name}.${++this.#published}`;
    const text = `id: ${id}\nevent: ${type}\ndata: ${json}\n\n`;
    this.#kept.push({ id, text });
    this.#keptCharacters += text.length;
    const isTooMuch = () => this.#kept.length > this.#maxKept || this.#keptCharacters > MAX_KEPT_CHARACTERS;
    while (this.#kept.length > 1 && isTooMuch()) this.#keptCharacters -= this.#kept.shift()!.text.length;
    for (const reader of this.#readers) reader.push(text);
  }
}
