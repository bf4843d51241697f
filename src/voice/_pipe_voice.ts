// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import type { CloseInfo } from "../errors.ts";
import type { AudioChunk } from "./audio_chunk.ts";

/** Both ends of a voice session's audio; each may be left out. */
export interface VoicePipes {
  /** Source of the user's audio: of the kind that `input` takes. */
  from?: ReadableStream<PcmChunk> | undefined;
  /** Sink for the model's audio, as bytes in the session's output format. Closed when the session ends. */
  to?: WritableStream<Uint8Array<ArrayBuffer>> | undefined;
}

/** How piping ended. */
export interface PipeResult {
  /** What the source failed with, if it did. */
  readonly fromError?: unknown;
  /** What the sink failed with, if it did. */
  readonly toError?: unknown;
}

/** The streams of a voice session. */
interface VoiceStreams {
  readonly input: WritableStream<PcmChunk>;
  readonly output: ReadableStream<AudioChunk>;
  readonly closed: Promise<CloseInfo>;
}

/** Joins a source and a sink to a voice session; never rejects. */
export async function pipeVoice(voice: VoiceStreams, { from, to }: VoicePipes): Promise<PipeResult> {
  const ended = new AbortController();
  voice.closed.then((close) => ended.abort(close));
  // A source may never answer that it is cancelled.
  const talking = Promise.race([from?.pipeTo(voice.input, { signal: ended.signal }), voice.closed]);
  const [talked, heard] = await Promise.allSettled([from && talking, hear(voice.output, to)]);
  const isOver = ended.signal.aborted;
  return {
    ...talked.status === "rejected" && !isOver && { fromError: talked.reason },
    ...heard.status === "rejected" && { toError: heard.reason },
  };
}

async function hear(output: ReadableStream<AudioChunk>, to: WritableStream | undefined): Promise<void> {
  // Throws when the sink is taken: the audio would wait in between for ever.
  to?.getWriter().releaseLock();
  await (to && output.pipeThrough(toBytesOnly()).pipeTo(to));
}

function toBytesOnly(): TransformStream<AudioChunk, Uint8Array<ArrayBuffer>> {
  return new TransformStream({ transform: (chunk, controller) => controller.enqueue(chunk.bytes) }, undefined, {
    highWaterMark: 0,
  });
}
