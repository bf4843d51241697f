import type { Clock } from "../../_internal/clock.ts";
import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { WireEvent } from "../../_internal/wire.ts";

/** How often a stream shows that it is still there, in milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Most bytes that wait for a page that reads slowly; with more its stream ends, and it may ask again. */
const MAX_UNREAD_BYTES = 4_194_304;

/** Most characters of the events that are kept, however few they are. */
const MAX_KEPT_CHARACTERS = 4_194_304;

/** Most streams of a call at a time; with one more the oldest ends. */
const MAX_READERS = 16;

/** Events that are shown to the page of a call. Its audio comes by itself, and its settings are the server's. */
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

/** An event as it is written to a stream. */
interface Shown {
  readonly id: number;
  readonly text: string;
}

/** A page that reads. */
interface Reader {
  push(text: string): void;
  end(): void;
}

/** What the page of a call sees of it: server-sent events, of which the last ones are kept for those who come later. */
export class CallView {
  readonly #maxKept: number;
  readonly #kept: Shown[] = [];
  #keptCharacters = 0;
  readonly #readers = new Set<Reader>();
  #nextId = 1;
  #settings: string | undefined;
  #ended = false;

  /** @param maxKept how many events are kept. */
  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** Takes an event that the page may see, but for the secrets that `strip` takes out. */
  show(event: WireEvent, strip: StripSecrets): void {
    if (!SHOWN.has(event.type) || this.#repeatsSettings(event)) return;
    this.#publish(event.type, strip(JSON.stringify(event)));
  }

  /** A session that checks its connection, or gets another one, may be told its settings once more. */
  #repeatsSettings({ session, type }: WireEvent): boolean {
    if (type !== "session.created" && type !== "session.updated") return false;
    const settings = JSON.stringify(session);
    const repeats = settings === this.#settings;
    this.#settings = settings;
    return repeats;
  }

  /** Tells that the call has ended, and ends every stream. */
  end(reason: string): void {
    if (this.#ended) return;
    this.#publish("call.ended", JSON.stringify({ type: "call.ended", reason }));
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  /** A stream of what is kept, after the event with this id, and of everything that follows; `onLeave` tells of its end. */
  read(lastEventId: string | undefined, clock: Clock, onLeave = () => {}): ReadableStream<Uint8Array> {
    const after = /^\d{1,15}$/.test(lastEventId ?? "") ? Number(lastEventId) : 0;
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
      for (const { id, text } of this.#kept) if (id > after) push(text);
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
    const id = this.#nextId++;
    const text = `id: ${id}\nevent: ${type}\ndata: ${json}\n\n`;
    this.#kept.push({ id, text });
    this.#keptCharacters += text.length;
    const isTooMuch = () => this.#kept.length > this.#maxKept || this.#keptCharacters > MAX_KEPT_CHARACTERS;
    while (this.#kept.length > 1 && isTooMuch()) this.#keptCharacters -= this.#kept.shift()!.text.length;
    for (const reader of this.#readers) reader.push(text);
  }
}
