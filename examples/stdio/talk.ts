import type { Clock, VoiceSession } from "@oai-rt/edge";

/** Inactivity after the end of the user's audio that ends the conversation, in milliseconds. */
const QUIET_MS = 3000;

/** Interval of the checks for activity, in milliseconds. */
const LOOK_MS = 100;

/** Both ends of a terminal's audio: raw PCM16, mono, little-endian. */
export interface RawAudio {
  /** The user's audio, at the session's `inputRate`. */
  readonly from: ReadableStream<Uint8Array>;
  /** The model's audio, at 24 kHz. */
  readonly to: WritableStream<Uint8Array<ArrayBuffer>>;
  /** Source of time. */
  readonly clock: Clock;
}

/**
 * Talks until the session ends or either end of the audio does: after the user's, the model's answer is still played.
 * Rejects with the error of the audio, if any.
 */
export async function talk(voice: VoiceSession, { from, to, clock }: RawAudio): Promise<void> {
  const hearing = voice.pipe({ to });
  const talking = voice.pipe({ from });
  const answered = talking.then(({ fromError }) => fromError === undefined ? quiet(voice, clock) : undefined);
  await Promise.race([answered, hearing]);
  await voice.close();
  const errors = { ...await talking, ...await hearing };
  const error = errors.fromError ?? errors.toError;
  if (error !== undefined) throw error;
}

/** Resolves when both sides have been silent for a while, or the session has ended. */
async function quiet(voice: VoiceSession, clock: Clock): Promise<void> {
  let quietMs = 0;
  let ended = false;
  voice.closed.then(() => ended = true);
  while (quietMs < QUIET_MS && !ended) {
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.schedule(resolve, LOOK_MS);
    await promise;
    const isBusy = voice.session.activeResponse !== undefined || voice.playback.unheardMs >= 1;
    quietMs = isBusy ? 0 : quietMs + LOOK_MS;
  }
}
