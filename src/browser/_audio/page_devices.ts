// This module is browser compatible.
import { MicrophoneError, type MicrophoneErrorCode } from "../microphone_error.ts";
import type { MediaDevicesLike } from "../peer_connection.ts";

const CODES: Readonly<Record<string, MicrophoneErrorCode>> = {
  NotAllowedError: "not_allowed",
  SecurityError: "not_allowed",
  NotFoundError: "not_found",
  OverconstrainedError: "not_found",
  NotReadableError: "in_use",
  AbortError: "in_use",
};

const REASONS: Readonly<Record<MicrophoneErrorCode, string>> = {
  insecure_context: "the page must be loaded over HTTPS or from localhost",
  unsupported: "this browser does not support it",
  not_allowed: "it is not allowed",
  not_found: "there is no such device",
  in_use: "another program uses it",
  timed_out: "it was not allowed in time",
  lost: "it was stopped, or unplugged",
};

/** The error for a code. */
export function microphoneError(code: MicrophoneErrorCode, cause?: unknown): MicrophoneError {
  return new MicrophoneError(code, `Cannot open the microphone as ${REASONS[code]}`, { cause });
}

/** Converts a rejection of `getUserMedia` to an error. */
export function toMicrophoneError(cause: unknown): MicrophoneError {
  return microphoneError(CODES[(Object(cause) as Error).name] ?? "unsupported", cause);
}

/**
 * The page's devices.
 *
 * @throws {MicrophoneError} when the page has none.
 */
export function pageDevices(): MediaDevicesLike {
  const page = globalThis as unknown as { isSecureContext?: boolean; navigator?: { mediaDevices?: MediaDevicesLike } };
  const devices = page.navigator?.mediaDevices;
  if (devices) return devices;
  throw microphoneError(page.isSecureContext === false ? "insecure_context" : "unsupported");
}
