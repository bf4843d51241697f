// This module is browser compatible.
import { type AudioEncoding, bytesToMs, encodeBase64, silence } from "../../audio/mod.ts";
import { isRecord, stringAt } from "../../_internal/wire.ts";

/** Placeholder for audio. */
export interface AudioLength {
  /** Duration, in milliseconds. */
  readonly audio_ms: number;
  /** How it was encoded. */
  readonly format: AudioEncoding;
}

/** Whether a value is a placeholder for audio. */
export function isAudioLength(value: unknown): value is AudioLength {
  return isRecord(value) && typeof value.audio_ms === "number";
}

/** Whether the field of an object is audio, and its speaker. */
function speakerOf(name: string, type: unknown): "user" | "model" | undefined {
  const kind = typeof type === "string" ? type : "";
  if (name === "delta" && kind.endsWith("output_audio.delta")) return "model";
  if (name === "audio") return kind === "output_audio" || kind === "audio" ? "model" : "user";
}

/** Knows how the audio of a session is encoded, and with it how long audio plays. */
export class AudioLengths {
  #user: AudioEncoding = "audio/pcm";
  #model: AudioEncoding = "audio/pcm";

  /** Learns how the session is set, from an event of the server. */
  observe({ session, type }: Readonly<Record<string, unknown>>): void {
    if (type !== "session.created" && type !== "session.updated" && type !== "session.started") return;
    // The Live API has one format for both.
    const both = encodingOf(stringAt(session, "audio", "format", "type"));
    this.#user = both ?? encodingOf(stringAt(session, "audio", "input", "format", "type")) ?? this.#user;
    this.#model = both ?? encodingOf(stringAt(session, "audio", "output", "format", "type")) ?? this.#model;
  }

  /**
   * Duration of the audio of a field, or of its placeholder, in milliseconds; `undefined` when the field is neither.
   */
  measure(name: string, type: unknown, value: unknown): AudioLength | undefined {
    const speaker = speakerOf(name, type);
    if (!speaker) return undefined;
    if (isAudioLength(value)) return value;
    if (typeof value !== "string") return undefined;
    const format = speaker === "user" ? this.#user : this.#model;
    const bytes = Math.floor(value.replace(/=+$/, "").length * 3 / 4);
    return { audio_ms: bytesToMs(bytes, { format }), format };
  }

  /** The value with all audio in it replaced by its length. */
  strip(value: unknown): unknown {
    return mapFields(value, (name, type, field) => this.measure(name, type, field));
  }
}

/** The value with silence in place of each placeholder. */
export function fillLengths(value: unknown): unknown {
  return mapFields(value, (_name, _type, field) => {
    return isAudioLength(field) ? encodeBase64(silence(field.audio_ms, { format: field.format })) : undefined;
  });
}

/** A copy with the fields mapped by `change`; others are unchanged. */
function mapFields(value: unknown, change: (name: string, type: unknown, field: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => mapFields(entry, change));
  if (!isRecord(value)) return value;
  const { type } = value;
  const entries = Object.entries(value).map((
    [name, field],
  ) => [name, change(name, type, field) ?? mapFields(field, change)]);
  return Object.fromEntries(entries);
}

function encodingOf(type: string | undefined): AudioEncoding | undefined {
  return type === "audio/pcm" || type === "audio/pcmu" || type === "audio/pcma" ? type : undefined;
}
