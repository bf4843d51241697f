import { assertEquals } from "@std/assert";
import { decodeBase64, encodeBase64, encodeG711 } from "../../src/audio/mod.ts";
import { tone } from "../voice/_conversation.ts";

const STREAM = "MZ0123";

/** A 20 ms frame of speech, and one of silence. */
const SPEECH = encodeG711(tone(20).filter((_, i) => i % 3 === 0), "audio/pcmu");
const SILENCE = new Uint8Array(160).fill(0xff);

/** Frames received from the bridge. */
interface Heard {
  readonly event: string;
  /** Name of a mark: the item and how many milliseconds of it came before. */
  readonly name: string;
  readonly bytes: number;
}

/** Twilio's end of a scripted Media Stream: it speaks and plays on command, instantly. */
export class MediaStreamPeer {
  /** Resolves when the call is over. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #heard: Heard[] = [];
  #wake = (): void => {};

  /** Takes a socket that is still opening, so that no event is missed. */
  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    this.closed = new Promise((resolve) => socket.onclose = () => resolve());
  }

  /** Begins the call; rejects when it is refused. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.onopen = () => resolve();
      this.#socket.onerror = (event) => reject(new Error(event instanceof ErrorEvent ? event.message : "refused"));
    });
    this.#send({ event: "connected", protocol: "Call", version: "1.0.0" });
    this.#send({ event: "start", streamSid: STREAM, start: { mediaFormat: { encoding: "audio/x-mulaw" } } });
  }

  /** Sends speech, or silence, for a number of milliseconds. */
  speak(ms: number, audio: Uint8Array = SPEECH): void {
    for (let sent = 0; sent < ms; sent += 20) {
      this.#send({ event: "media", streamSid: STREAM, media: { track: "inbound", payload: encodeBase64(audio) } });
    }
  }

  /** Sends silence for a number of milliseconds. */
  pause(ms: number): void {
    this.speak(ms, SILENCE);
  }

  /** Returns the next received frame. */
  async next(): Promise<Heard> {
    while (this.#heard.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
    return this.#heard.shift()!;
  }

  /** Reports that everything before a mark was played, or cleared. */
  returnMark(name: string): void {
    this.#send({ event: "mark", streamSid: STREAM, mark: { name } });
  }

  /** Ends the call. */
  hangUp(): void {
    this.#send({ event: "stop", streamSid: STREAM });
  }

  #take({ event, streamSid, media, mark }: Record<string, Record<string, string>>): void {
    assertEquals(streamSid as unknown, STREAM);
    const bytes = media ? decodeBase64(media.payload!).length : 0;
    this.#heard.push({ event: String(event), name: mark?.name ?? "", bytes });
    this.#wake();
  }

  #send(frame: unknown): void {
    this.#socket.send(JSON.stringify(frame));
  }
}
