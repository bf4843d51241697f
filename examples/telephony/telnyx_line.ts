import { type Line, readFrame } from "./line.ts";

/**
 * The frames of a Telnyx media stream, both ways: `stream_bidirectional_mode` is `rtp`, `stream_bidirectional_codec` is
 * `PCMU`. Frames to the caller name no stream: there is one for each socket.
 */
export function telnyxLine(): Line {
  return {
    read: (text) => readFrame(JSON.parse(text)),
    media: (payload) => JSON.stringify({ event: "media", media: { payload } }),
    mark: (name) => JSON.stringify({ event: "mark", mark: { name } }),
    clear: () => JSON.stringify({ event: "clear" }),
  };
}
