// This module is browser compatible.
import { type ServerError, serverError } from "../_errors/server_error.ts";

/** A media description of an offer: `m=` and the lines after it. */
export interface OfferedMedia {
  /** Media type: `audio`, `video` or `application`. */
  readonly kind: string;
  /** Transport, e.g. `UDP/TLS/RTP/SAVPF`. */
  readonly protocol: string;
  /** Payload types, or the name of the application. */
  readonly formats: readonly string[];
  /** Whether the caller rejects it: port 0. */
  readonly isRejected: boolean;
  /** Identification; absent from offers that do not bundle. */
  readonly mid: string | undefined;
  /** Its lines, without `m=`. */
  readonly lines: readonly string[];
}

/** An SDP offer, as far as it is answered. */
export interface SdpOffer {
  /** Identifications that share one transport. */
  readonly bundle: readonly string[];
  /** The media, in order. */
  readonly media: readonly OfferedMedia[];
}

/**
 * Reads an SDP offer.
 *
 * @throws {ServerError} when it is not SDP, or offers no audio.
 */
export function parseOffer(sdp: string): SdpOffer {
  const lines = sdp.replace(/(?:\r?\n)+$/, "").split(/\r?\n/);
  if (lines[0] !== "v=0" || !lines.every((line) => /^[a-z]=/.test(line))) throw invalidOffer();
  const starts = lines.flatMap((line, index) => line.startsWith("m=") ? [index] : []);
  const media = starts.map((start, index) => parseMedia(lines.slice(start, starts[index + 1])));
  if (!media.some(({ isRejected, kind }) => kind === "audio" && !isRejected)) throw invalidOffer();
  const bundle = valueOf(lines.slice(0, starts[0]), "a=group:BUNDLE ") ?? "";
  return { bundle: bundle.split(" ").filter((mid) => mid !== ""), media };
}

/** The rest of the first line that starts so. */
export function valueOf(lines: readonly string[], start: string): string | undefined {
  return lines.find((line) => line.startsWith(start))?.slice(start.length);
}

function parseMedia([first = "", ...lines]: readonly string[]): OfferedMedia {
  const match = /^m=(\w+) (\d+)(?:\/\d+)? (\S+) (\S.*)$/.exec(first);
  if (!match) throw invalidOffer();
  const [, kind = "", port, protocol = "", formats = ""] = match;
  return {
    kind,
    protocol,
    formats: formats.split(" "),
    isRejected: port === "0",
    mid: valueOf(lines, "a=mid:"),
    lines,
  };
}

/** The error for an invalid or unanswerable offer. */
export function invalidOffer(): ServerError {
  return serverError("invalid_offer");
}
