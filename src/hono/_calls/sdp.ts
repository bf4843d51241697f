import { ProblemError } from "../_http/problem_error.ts";

/** A media section of a session description. */
interface Section {
  /** The media type. */
  readonly kind: string;
  /** Whether it is in use. */
  readonly isActive: boolean;
  /** Whether it carries audio by RTP. */
  readonly isAudio: boolean;
}

/** The allowed offer of a page when the server controls its call. */
export const AUDIO_ONLY =
  'The offer must have one active audio section and nothing else, no data channel either: see the option calls.dataChannel of the server, which is "forbid"';

/** @throws {ProblemError} when an offer has anything other than one active audio section. */
export function assertAudioOnly(offer: string): void {
  const active = sectionsOf(offer).filter(({ isActive }) => isActive);
  if (active.length === 1 && active[0]?.isAudio && !/^a=sctp/m.test(offer)) return;
  throw new ProblemError("data_channel_not_allowed", AUDIO_ONLY, { param: "sdp" });
}

/** Whether an answer opens a single audio stream and nothing else. */
export function opensAudioOnly(answer: string): boolean {
  const active = sectionsOf(answer).filter(({ isActive }) => isActive);
  return active.length <= 1 && active.every(({ isAudio }) => isAudio);
}

/** A section with port 0 is rejected, unless it is bundled. */
function sectionsOf(sdp: string): readonly Section[] {
  return sdp.split(/\r?\nm=/).slice(1).map((section) => {
    const [line = ""] = section.split(/\r?\n/);
    const [kind = "", port, protocol = ""] = line.split(" ");
    return {
      kind,
      isActive: port !== "0" || /\r?\na=bundle-only\s*(?:\r?\n|$)/.test(section),
      isAudio: kind === "audio" && /RTP\/S?AVPF?$/.test(protocol),
    };
  });
}
