// This module is browser compatible.

/**
 * The reason why there is no microphone:
 *
 * - `"insecure_context"`: the page was not loaded over HTTPS or from localhost, so it may not ask;
 * - `"unsupported"`: this browser gives pages no microphone, an embedding page forbids it (`Permissions-Policy`), or the
 *   audio context cannot record from it;
 * - `"not_allowed"`: the user or the system refused;
 * - `"not_found"`: there is no microphone, or none with this id;
 * - `"in_use"`: another program uses it, or the system failed to open it;
 * - `"timed_out"`: neither the user nor the system answered in time;
 * - `"lost"`: the device was removed, and there is no other; or the track was stopped before it was used.
 *
 * @category Browser
 */
export type MicrophoneErrorCode =
  | "insecure_context"
  | "unsupported"
  | "not_allowed"
  | "not_found"
  | "in_use"
  | "timed_out"
  | "lost";

/**
 * No microphone is available.
 *
 * @category Browser
 */
export class MicrophoneError extends Error {
  /** The reason, as a code. */
  readonly code: MicrophoneErrorCode;

  /** Creates the error from its code, its message and the platform's error. */
  constructor(code: MicrophoneErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MicrophoneError";
    this.code = code;
  }
}
