/** What Twilio's Media Streams send, as far as the bridge needs it. */
export type CallEvent =
  | {
    /** The call begins. */
    readonly type: "start";
    /** Id of the stream, which every frame to the caller names. */
    readonly streamSid: string;
  }
  | {
    /** The caller is heard. */
    readonly type: "media";
    /** µ-law in base64, 20 ms. */
    readonly payload: string;
  }
  | {
    /** What was sent before this mark was played, or cleared. */
    readonly type: "mark";
    /** Name of the mark. */
    readonly name: string;
  }
  | {
    /** The call has ended. */
    readonly type: "stop";
  };

interface Frame {
  readonly event?: string;
  readonly streamSid?: string;
  readonly media?: { readonly payload?: string; readonly track?: string };
  readonly mark?: { readonly name?: string };
}

/**
 * Reads a frame; `undefined` for kinds that the bridge has no use for.
 *
 * @throws {SyntaxError} when the frame is not JSON.
 */
export function parseCallFrame(text: string): CallEvent | undefined {
  const frame: Frame | null = JSON.parse(text);
  switch (frame?.event) {
    case "start":
      return { type: "start", streamSid: frame.streamSid ?? "" };
    case "media":
      if (frame.media?.track === "outbound") return undefined;
      return { type: "media", payload: frame.media?.payload ?? "" };
    case "mark":
      return { type: "mark", name: frame.mark?.name ?? "" };
    case "stop":
      return { type: "stop" };
  }
}

/** Makes a frame that plays µ-law, in base64, to the caller. */
export function mediaFrame(streamSid: string, payload: string): string {
  return JSON.stringify({ event: "media", streamSid, media: { payload } });
}

/** Makes a frame that comes back once everything before it was played. */
export function markFrame(streamSid: string, name: string): string {
  return JSON.stringify({ event: "mark", streamSid, mark: { name } });
}

/** Makes a frame that drops what was not played yet; the marks in it come back at once. */
export function clearFrame(streamSid: string): string {
  return JSON.stringify({ event: "clear", streamSid });
}
