// This module is browser compatible.
import { MicrophoneError, type MicrophoneErrorCode } from "./microphone_error.ts";
import type { MediaStreamLike } from "./peer_connection.ts";

/** The members of `navigator.mediaDevices` that are used. */
export interface MediaDevicesLike {
  /** Asks for a microphone. */
  getUserMedia(constraints: { audio: object }): Promise<MediaStreamLike>;
  /** Adds a listener of devices that come and go. */
  addEventListener(type: "devicechange", listener: () => void): void;
  /** Removes a listener of devices that come and go. */
  removeEventListener(type: "devicechange", listener: () => void): void;
}

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
  unsupported: "this browser does not let this page have one",
  not_allowed: "the user or the system does not allow it",
  not_found: "there is no such device",
  in_use: "another program holds the device, or the system cannot open it",
  timed_out: "neither the user nor the system answered in time",
  lost: "the device is gone, and there is no other",
};

/** The error for a code. */
export function microphoneError(code: MicrophoneErrorCode, cause?: unknown): MicrophoneError {
  return new MicrophoneError(code, `Cannot open the microphone as ${REASONS[code]}`, { cause });
}

/** The error for what `getUserMedia` rejected with. */
export function toMicrophoneError(cause: unknown): MicrophoneError {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : "";
  return microphoneError(CODES[name] ?? "unsupported", cause);
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
