// This module is browser compatible.
import { callListener } from "../_internal/call_listener.ts";
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import type { Dial, Socket } from "../transport/socket.ts";
import { frameText } from "./_frames/frame_text.ts";

/**
 * A frame on its way.
 *
 * @category Frames
 */
export interface TappedFrame {
  /** When, in milliseconds of the clock. */
  readonly atMs: number;
  /** Whether we sent it, or the server. */
  readonly direction: "sent" | "received";
  /** The frame as it was on the wire, without audio, images and secrets; see {@linkcode redactFrame}. */
  readonly frame: string;
}

/**
 * Options of {@linkcode tapFrames}.
 *
 * @category Frames
 */
export interface TapFramesOptions {
  /**
   * Removes secrets and media from a frame before it is passed on; `(frame) => frame` removes nothing.
   *
   * @default {redactFrame}
   */
  redact?: ((frame: string) => string) | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/**
 * A dialer whose sockets show every frame to `tap`, in both directions, in order. What `tap` throws is ignored. JSON
 * in binary frames is shown like text; other binary frames, of which the protocol has none, by their length.
 *
 * @category Frames
 *
 * @example Seeing what goes over the wire
 * ```ts
 * import { connect, tapFrames } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * const dial = tapFrames(createSimulator().dial, ({ direction, frame }) => seen.push(`${direction} ${JSON.parse(frame).type}`));
 * await using session = await connect({ apiKey: "sk-test", dial });
 * assertEquals(seen, ["received session.created", "sent session.update", "received session.updated"]);
 * ```
 */
export function tapFrames(dial: Dial, tap: (frame: TappedFrame) => void, options: TapFramesOptions = {}): Dial {
  checkOptions("tap frames", options, { clock: 1, redact: 1 } satisfies OptionNames<TapFramesOptions>);
  const { redact = redactFrame, clock = systemClock } = options;
  // An onlooker must not disturb the conversation.
  const show = (direction: TappedFrame["direction"], frame: string | Uint8Array) =>
    callListener(() => {
      const text = frameText(frame);
      const shown = text === undefined ? `(${frame.length} bytes)` : redact(text);
      return tap({ atMs: clock.now(), direction, frame: shown });
    }, () => {});
  return mapFrames(dial, {
    outbound: (frame) => {
      show("sent", frame);
      return frame;
    },
    inbound: (frame) => {
      show("received", frame);
      return frame;
    },
  });
}

/** What becomes of the frames of a socket. */
export interface FrameMap {
  /** What is sent in place of a frame of ours. */
  outbound(frame: string): string;
  /** What is received in place of a frame of the server. */
  inbound(frame: string | Uint8Array): string | Uint8Array;
}

/** A dialer whose sockets change frames on their way. */
export function mapFrames(dial: Dial, { outbound, inbound }: FrameMap): Dial {
  return async (request) => {
    const socket = await dial(request);
    const mapped: Socket = {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (frame) => socket.send(outbound(frame)),
      close: (code, reason) => socket.close(code, reason),
      listen: (listener) =>
        socket.listen({
          message: (frame) => listener.message(inbound(frame)),
          close: (info) => listener.close(info),
        }),
    };
    return mapped;
  };
}

const MEDIA = /"(?:audio|delta|image_url)":\s*"((?:data:[^"]*,)?[A-Za-z0-9+/=]*)"/g;
const SECRET_FIELDS = /("[\w-]*(?:authorization|api[-_]?key|password|secret|token)":\s*)"(?:[^"\\]|\\.)*"/gi;
const HEADERS = /("headers":\s*){(?:[^"}]|"(?:[^"\\]|\\.)*")*}/g;
const KEYS = /\b(sk|ek)[-_][A-Za-z0-9_-]{8,}/g;

/**
 * A frame without what does not belong into logs: audio and images are replaced by their length; API keys, headers for
 * MCP servers, and what stands in fields for credentials, by dots.
 *
 * @category Frames
 *
 * @example Taking out audio
 * ```ts
 * import { redactFrame } from "@oai-rt/edge";
 * import { assertEquals } from "@std/assert";
 *
 * const frame = `{"type":"input_audio_buffer.append","audio":"AAAA"}`;
 * assertEquals(redactFrame(frame), `{"type":"input_audio_buffer.append","audio":"(4 characters)"}`);
 * ```
 */
export function redactFrame(frame: string): string {
  // Deltas of words are not media, however they look.
  const isMedia = !frame.includes('"delta"') || /"type":\s*"[\w.]*audio\.delta"/.test(frame);
  const plain = frame.replace(HEADERS, '$1"…"').replace(SECRET_FIELDS, '$1"…"').replace(KEYS, "$1-…");
  return plain.replace(MEDIA, (field, media: string) => {
    if (media === "" || !isMedia && field.startsWith('"delta"')) return field;
    return `${field.slice(0, -media.length - 1)}(${media.length} characters)"`;
  });
}
