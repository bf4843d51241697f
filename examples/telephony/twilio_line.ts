import { type Line, type MediaFrame, readFrame } from "./line.ts";

/** The frames of a Twilio Media Stream, both ways (`<Connect><Stream>`). */
export function twilioLine(): Line {
  let streamSid = "";
  const write = (frame: object) => JSON.stringify({ streamSid, ...frame });
  return {
    read(text) {
      const frame: MediaFrame & { readonly streamSid?: string } | null = JSON.parse(text);
      if (frame?.event === "start") streamSid = frame.streamSid ?? "";
      return readFrame(frame);
    },
    media: (payload) => write({ event: "media", media: { payload } }),
    mark: (name) => write({ event: "mark", mark: { name } }),
    clear: () => write({ event: "clear" }),
  };
}
