/** An event of a telephone line. */
export type LineEvent =
  | {
    /** The call begins. */
    readonly type: "start";
  }
  | {
    /** The caller is heard. */
    readonly type: "media";
    /** µ-law in base64, 20 ms. */
    readonly payload: string;
  }
  | {
    /** Everything sent before this mark was played, or cleared. */
    readonly type: "mark";
    /** Name of the mark. */
    readonly name: string;
  }
  | {
    /** The caller has pressed a key. */
    readonly type: "dtmf";
    /** The key: a digit, `*` or `#`. */
    readonly digit: string;
  }
  | {
    /** The call has ended. */
    readonly type: "stop";
  };

/**
 * The frames of one call, in the format of a provider of telephone lines. Providers that stream µ-law with marks differ
 * only in this. A line keeps identifiers for its frames, so each call has its own.
 */
export interface Line {
  /**
   * Reads a frame; `undefined` for one that does not matter.
   *
   * @throws {SyntaxError} when it is not JSON.
   */
  read(frame: string): LineEvent | undefined;
  /** A frame that plays µ-law, in base64, to the caller. */
  media(payload: string): string;
  /** A frame that comes back once everything before it was played. */
  mark(name: string): string;
  /** A frame that drops unplayed audio; its marks return immediately. */
  clear(): string;
}

/** A frame of a provider, as far as all of them write it alike. */
export interface MediaFrame {
  readonly event?: string;
  readonly media?: { readonly track?: string; readonly payload?: string };
  readonly mark?: { readonly name?: string };
  readonly dtmf?: { readonly digit?: string };
}

/** Reads a frame, as far as all providers write it alike. */
export function readFrame(frame: MediaFrame | null): LineEvent | undefined {
  switch (frame?.event) {
    case "start":
      return { type: "start" };
    case "media":
      // Audio played to the caller may be included, too.
      if (frame.media?.track === "outbound") return undefined;
      return { type: "media", payload: frame.media?.payload ?? "" };
    case "mark":
      return { type: "mark", name: frame.mark?.name ?? "" };
    case "dtmf":
      return { type: "dtmf", digit: frame.dtmf?.digit ?? "" };
    case "stop":
      return { type: "stop" };
  }
}
