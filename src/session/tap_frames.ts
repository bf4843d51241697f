// This module is browser compatible.
import { callListener } from "../_internal/call_listener.ts";
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aClock, aFunction } from "../_internal/option_kinds.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import type { Dial, Socket } from "../transport/socket.ts";
import { frameText } from "./_frames/frame_text.ts";

/**
 * A frame on the wire.
 *
 * @category Frames
 */
export interface TappedFrame {
  /** Time, in milliseconds of the clock. */
  readonly atMs: number;
  /** The direction, as seen from this side. */
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
 * Creates a dialer whose sockets pass every frame to `tap`, in both directions, in order. Exceptions of `tap` are written
 * to the console. JSON in binary frames is passed like text; other binary frames, of which the protocol has none, by their
 * length.
 *
 * @category Frames
 *
 * @example Printing the frames on the wire
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
  checkOptions("tap frames", options, { clock: aClock, redact: aFunction } satisfies OptionNames<TapFramesOptions>);
  const { redact = redactFrame, clock = systemClock } = options;
  // An observer must not disturb the conversation.
  const show = (direction: TappedFrame["direction"], frame: string | Uint8Array) =>
    callListener(() => {
      const text = frameText(frame);
      const shown = text === undefined ? `(${frame.length} bytes)` : redact(text);
      return tap({ atMs: clock.now(), direction, frame: shown });
    }, (error) => console.error("tapFrames():", error));
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

/** Functions that replace the frames of a socket. */
export interface FrameMap {
  /** Returns the frame to send. */
  outbound(frame: string): string;
  /** Returns the frame to deliver. */
  inbound(frame: string | Uint8Array): string | Uint8Array;
}

/** Creates a dialer whose sockets replace frames. */
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
 * A frame without content that does not belong in logs: audio and images are replaced by their length; API keys,
 * headers for MCP servers, and the values of credential fields, by dots.
 *
 * @category Frames
 *
 * @example Removing audio
 * ```ts
 * import { redactFrame } from "@oai-rt/edge";
 * import { assertEquals } from "@std/assert";
 *
 * const frame = `{"type":"input_audio_buffer.append","audio":"AAAA"}`;
 * assertEquals(redactFrame(frame), `{"type":"input_audio_buffer.append","audio":"(4 characters)"}`);
 * ```
 */
export function redactFrame(frame: string): string {
  // Text deltas are not media, whatever they contain.
  const isMedia = !frame.includes('"delta"') || /"type":\s*"[\w.]*audio\.delta"/.test(frame);
  const plain = frame.replace(HEADERS, '$1"…"').replace(SECRET_FIELDS, '$1"…"').replace(KEYS, "$1-…");
  return plain.replace(MEDIA, (field, media: string) => {
    if (media === "" || !isMedia && field.startsWith('"delta"')) return field;
    return `${field.slice(0, -media.length - 1)}(${media.length} characters)"`;
  });
}
