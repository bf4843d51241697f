import { bytesToMs, encodeBase64 } from "../../src/audio/mod.ts";

/** Milliseconds from `response.created` to the first audio, and of audio in a burst. */
const FIRST_AUDIO_MS = 80;
const BURST_MS = 400;
/** Milliseconds of a piece of the microphone's. */
const CHUNK_MS = 100;

/** A hundred milliseconds of faint noise, as an event. */
const CHUNK = JSON.stringify({
  type: "input_audio_buffer.append",
  audio: encodeBase64(new Uint8Array(Int16Array.from({ length: 24 * CHUNK_MS }, (_, i) => i * 7919 % 41 - 20).buffer)),
});

/** Measurements of clients. */
export interface LoadNotes {
  /** Delay of each audio delta behind schedule, in milliseconds. */
  readonly lateness: number[];
  /** Responses that were heard to their end. */
  responses: number;
  /** Errors of the server. */
  errors: number;
  /** Connections that ended by themselves. */
  lost: number;
}

/** A client that listens to one answer after the other, and may have a microphone that is on all the time. */
export class LoadClient {
  readonly #socket: WebSocket;
  readonly #notes: LoadNotes;
  #microphone: ReturnType<typeof setInterval> | undefined;
  #burstDueMs = 0;
  #burstMs = 0;
  #isOver = false;

  constructor(url: string, notes: LoadNotes, hasMicrophone: boolean) {
    this.#notes = notes;
    this.#socket = new WebSocket(`${url}?model=gpt-realtime`, { headers: { Authorization: "Bearer sk-test" } });
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = () => void (this.#notes.lost += this.#isOver ? 0 : 1);
    if (!hasMicrophone) return;
    this.#socket.onopen = () => this.#microphone = setInterval(() => this.#socket.send(CHUNK), CHUNK_MS);
  }

  /** Leaves. */
  stop(): void {
    this.#isOver = true;
    clearInterval(this.#microphone);
    this.#socket.close(1000);
  }

  #receive(frame: string): void {
    const now = performance.now();
    // Only the needed fields are parsed: this process has to be faster than the measured one.
    switch (/^\{"type":"([^"]+)"/.exec(frame)?.[1]) {
      case "session.created":
        return this.#ask();
      case "response.created":
        this.#burstDueMs = now + FIRST_AUDIO_MS;
        this.#burstMs = 0;
        return;
      case "response.output_audio.delta":
        return this.#hear(frame, now);
      case "response.done":
        this.#notes.responses++;
        return this.#ask();
      case "error":
        this.#notes.errors++;
    }
  }

  #ask(): void {
    if (this.#isOver) return;
    const content = [{ type: "input_text", text: "Tell me a long story." }];
    const item = { type: "message", role: "user", content };
    this.#socket.send(JSON.stringify({ type: "conversation.item.create", item }));
    this.#socket.send(JSON.stringify({ type: "response.create" }));
  }

  #hear(frame: string, now: number): void {
    this.#notes.lateness.push(now - this.#burstDueMs);
    this.#burstMs += audioMsOf(frame);
    if (this.#burstMs < BURST_MS) return;
    this.#burstDueMs += this.#burstMs;
    this.#burstMs = 0;
  }
}

/** Milliseconds of audio in the frame of a delta, without decoding it. */
function audioMsOf(frame: string): number {
  const start = frame.indexOf('"delta":"') + 9;
  const end = frame.indexOf('"', start);
  const padding = frame.startsWith("==", end - 2) ? 2 : frame.startsWith("=", end - 1) ? 1 : 0;
  return bytesToMs((end - start) / 4 * 3 - padding);
}
