// This module is browser compatible.
import { createAudioChunker, float32ToPcm16, type PcmChunk, silence, toBytes } from "../audio/mod.ts";
import type { AudioLayout } from "../audio/mod.ts";
import type { Clock } from "../_internal/clock.ts";
import { ConnectionError } from "../errors.ts";
import type { EffectiveTurnDetection } from "../protocol/mod.ts";
import type { Session } from "../session/mod.ts";
import { audioLayout } from "./_audio_layout.ts";

/** How much audio goes into one append unless told otherwise, in milliseconds. */
export const DEFAULT_CHUNK_MS = 100;

/** How many bytes may wait in the socket before the input stops taking more. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

/** How often a full socket is looked at again, in milliseconds. */
const BUFFER_POLL_MS = 20;

/** Silence that is sent beyond what ends a turn, in milliseconds, so that the end is certain. */
const SILENCE_MARGIN_MS = 200;

/** Longest wait of semantic turn detection by eagerness, in milliseconds. */
const SEMANTIC_WAIT_MS: Readonly<Record<string, number>> = { low: 8000, medium: 4000, high: 2000, auto: 4000 };

/**
 * What closing the input does after the last audio was sent: `"silence"` sends as much as ends the user's turn, since a
 * recording that stops in mid-speech never ends it otherwise; `"commit"` makes an item of what was sent; `"nothing"`.
 */
export type InputEnd = "silence" | "commit" | "nothing";

/** Options of {@linkcode createAudioInput}. */
export interface AudioInputOptions {
  /** Length of one append in milliseconds, 20 to 200. */
  chunkMs: number;
  /** What closing does; by default `"silence"` when the server finds the turns, and `"nothing"` otherwise. */
  inputEnd: InputEnd | undefined;
  /** Source of time. */
  clock: Clock;
}

/**
 * Makes the stream that takes the user's audio: bytes in the session's input format, or PCM samples at 24 kHz. It sends
 * whole chunks, and waits while more than {@linkcode MAX_BUFFERED_BYTES} bytes have not left the socket.
 *
 * @throws {RangeError} when `chunkMs` is not between 20 and 200.
 */
export function createAudioInput(session: Session, options: AudioInputOptions): WritableStream<PcmChunk> {
  const { chunkMs, clock } = options;
  if (!(chunkMs >= 20 && chunkMs <= 200)) {
    throw new RangeError(`Cannot take audio as chunkMs must be 20 to 200: current value is ${chunkMs}`);
  }
  const layout = audioLayout(session.config?.audio?.input?.format);
  const chunker = createAudioChunker({ ...layout, chunkMs });
  return new WritableStream<PcmChunk>({
    async write(chunk) {
      for (const bytes of chunker.push(toWireBytes(chunk, layout))) {
        session.appendAudio(bytes);
        await drained(session, clock);
      }
    },
    async close() {
      const rest = chunker.flush();
      if (rest.length > 0) session.appendAudio(rest);
      const turnDetection = session.config?.audio?.input?.turn_detection;
      const end = options.inputEnd ?? (turnDetection ? "silence" : "nothing");
      if (end === "silence") session.appendAudio(silence(msToEndTurn(turnDetection), layout));
      if (end === "commit") await session.commitAudio();
    },
  });
}

function toWireBytes(chunk: PcmChunk, layout: AudioLayout): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (layout.format !== "audio/pcm") {
    throw new TypeError(`Cannot send samples as the session's input format is ${layout.format}: write encoded bytes`);
  }
  if (chunk instanceof Int16Array) return toBytes(chunk);
  if (chunk instanceof Float32Array) return toBytes(float32ToPcm16(chunk));
  throw new TypeError("Cannot send audio as a chunk must be a Uint8Array, an Int16Array or a Float32Array");
}

/** How much silence ends a turn, in milliseconds. */
function msToEndTurn(turnDetection: EffectiveTurnDetection | null | undefined): number {
  const wait = turnDetection?.type === "semantic_vad"
    ? SEMANTIC_WAIT_MS[turnDetection.eagerness ?? "auto"] ?? SEMANTIC_WAIT_MS.low!
    : turnDetection?.silence_duration_ms ?? 500;
  return wait + SILENCE_MARGIN_MS;
}

async function drained(session: Session, clock: Clock): Promise<void> {
  while (session.bufferedAmount > MAX_BUFFERED_BYTES) {
    const waited = Promise.withResolvers<undefined>();
    const cancelTimer = clock.schedule(() => waited.resolve(undefined), BUFFER_POLL_MS);
    const close = await Promise.race([waited.promise, session.closed]);
    cancelTimer();
    if (close) {
      throw new ConnectionError("Cannot send audio as the session has ended", { kind: "closed", close });
    }
  }
}
