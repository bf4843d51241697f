// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { Codec } from "../protocol/mod.ts";
import type { TransportPlayback } from "./transport.ts";

/**
 * Options of `createTransport`.
 *
 * @category Transports
 */
export interface TransportOptions<Out, In> {
  /**
   * Writes and reads the frames. `realtimeCodec` of `@oai-rt/edge/protocol` is for conversations and transcription,
   * `uncheckedRealtimeCodec` for pages that must be small, `translationCodec` for translation.
   *
   * @default {realtimeCodec}
   */
  codec?: Codec<Out, In> | undefined;
  /**
   * Address of the other side, for logs and errors; must not contain a credential.
   *
   * @default {"memory:"}
   */
  url?: string | undefined;
  /**
   * The side that plays the model's audio; `connectVoice` reads it.
   *
   * @default {"client"}
   */
  playback?: TransportPlayback | undefined;
  /**
   * Whether others, who opened the session, may control it, too; `connect` reads it.
   *
   * @default {false}
   */
  shared?: boolean | undefined;
  /**
   * Credentials that the other side knows. Where it repeats one, as in an error event or a close reason, `[API key]`
   * replaces it. Events are searched only for credentials that no ordinary text contains by chance: of at least eight
   * characters, or with the prefix of an API key.
   *
   * @default {[]}
   */
  secrets?: readonly string[] | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}
