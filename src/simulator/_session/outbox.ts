// This module is browser compatible.
import type { FrameShape } from "../_profiles/frame_shape.ts";
import { shapeOf } from "../_profiles/shape_of.ts";
import { SERVER_PROFILES, type ServerProfile } from "../server_profile.ts";
import type { ServerError } from "../_errors/server_error.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { ServerEvent, TranslationServerEvent } from "../../protocol/mod.ts";
import { SAMPLES_PER_MS } from "./input/audio_codec.ts";
import type { AudioPiece } from "./output/audio_piece.ts";
import type { ContentPlace } from "./conversation/message_item.ts";
import { randomLetters } from "./random_letters.ts";

/** A server event before it has its `event_id`. */
export type Outgoing = WithoutId<ServerEvent | TranslationServerEvent>;

type WithoutId<E> = E extends unknown ? Omit<E, "event_id"> : never;

/** Deltas of text carry `obfuscation`, those of audio do not. */
const OBFUSCATED: ReadonlySet<string> = new Set([
  "conversation.item.input_audio_transcription.delta",
  "response.function_call_arguments.delta",
  "response.mcp_call_arguments.delta",
  "response.output_audio_transcript.delta",
  "response.output_text.delta",
]);

/** Characters that delta and obfuscation fill together, or a multiple of them. */
const OBFUSCATION_BLOCK = 16;

/** Sends a frame with an event of this type after a delay in milliseconds: none unless there is a latency. */
export type SendFrame = (frame: string, type: string, delayMs: number) => void;

/** Assigns ids to events and sends them as frames, in order. */
export class Outbox {
  readonly #ids: IdGenerator;
  readonly #send: SendFrame;
  readonly #profile: ServerProfile;
  readonly #shape: FrameShape;

  /** @param unixTime Unix time in milliseconds. */
  constructor(
    ids: IdGenerator,
    send: SendFrame,
    profile: ServerProfile = SERVER_PROFILES.openai,
    unixTime?: () => number,
  ) {
    this.#ids = ids;
    this.#send = send;
    this.#profile = profile;
    this.#shape = shapeOf(profile, unixTime);
  }

  /** Sends an error for a client event or a connection. */
  emitError({ type, code, message, param }: ServerError, eventId: string | null, delayMs = 0): void {
    this.emit({ type: "error", error: { type, code, message, param, event_id: eventId } }, delayMs);
  }

  /** Sends an event. */
  emit(event: Outgoing, delayMs = 0): void {
    const { type, ...fields } = event;
    const frame: Record<string, unknown> = { type, event_id: this.#ids("event"), ...fields };
    if (this.#profile.obfuscates && OBFUSCATED.has(type) && "delta" in event) {
      frame.obfuscation = obfuscationFor(String(event.delta));
    }
    for (const shaped of this.#shape.toClient(frame)) {
      const whole = shaped.event_id === undefined ? { ...shaped, event_id: this.#ids("event") } : shaped;
      this.#send(JSON.stringify(whole), type, delayMs);
    }
  }

  /** Sends audio of the model. */
  emitAudio(place: ContentPlace, { base64, samples }: AudioPiece): void {
    const type = "response.output_audio.delta";
    const frame = { type, event_id: this.#ids("event"), ...place, delta: "" };
    for (const shaped of this.#shape.toClient(frame, samples.length / SAMPLES_PER_MS)) {
      // Base64 needs no escaping, and JSON would scan every character of it.
      this.#send(JSON.stringify(shaped).replace('"delta":""', () => `"delta":"${base64}"`), type, 0);
    }
  }
}

/** Random letters that hide the length of a delta. */
function obfuscationFor(delta: string): string {
  return randomLetters(OBFUSCATION_BLOCK - delta.length % OBFUSCATION_BLOCK);
}
