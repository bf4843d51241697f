// This module is browser compatible.
import type { Dial } from "../transport/socket.ts";
import { mapFrames } from "./tap_frames.ts";

/** A frame as JSON. */
export type DialectFrame = Readonly<Record<string, unknown>>;

/** How a server speaks that speaks a variant of the protocol. */
export interface Dialect {
  /** What the server is sent in place of a frame of ours. */
  toServer(frame: DialectFrame): DialectFrame;
  /** What a frame of the server is in our protocol. */
  fromServer(frame: DialectFrame): DialectFrame;
}

/**
 * A dialer for a server that speaks a variant of the protocol. Frames that are not JSON objects pass as they are.
 *
 * @example A server that speaks with the beta's names
 * ```ts
 * import { BETA_NAMES, connect, withDialect } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * // In place of the simulator: createHeaderDialer(), or the dialer of your runtime.
 * const dial = withDialect(createSimulator().dial, BETA_NAMES);
 * await using session = await connect({ apiKey: "sk-test", dial });
 * assertEquals((await session.ask("Hello!")).status, "completed");
 * ```
 */
export function withDialect(dial: Dial, dialect: Dialect): Dial {
  return mapFrames(dial, {
    outbound: (frame) => JSON.stringify(dialect.toServer(JSON.parse(frame))),
    inbound: (frame) => {
      if (typeof frame !== "string") return frame;
      try {
        const value: unknown = JSON.parse(frame);
        const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
        return isObject ? JSON.stringify(dialect.fromServer(value as DialectFrame)) : frame;
      } catch {
        // What is no JSON is reported as such further on.
        return frame;
      }
    },
  });
}

/** Pieces of names in the beta, and what became of them. */
const RENAMED: readonly (readonly [beta: RegExp, name: string])[] = [
  [/^response\.(text|audio|audio_transcript)\.(delta|done)$/, "response.output_$1.$2"],
  [/^conversation\.item\.created$/, "conversation.item.added"],
];

/**
 * The names of the beta, which some servers kept: events of text, audio and transcripts without `output_`, and
 * `conversation.item.created`. What the session is configured with passes as it is: give such servers their own with
 * `send(event, { check: false })`, or with a `toServer` of your own.
 */
export const BETA_NAMES: Dialect = {
  toServer: (frame) => frame,
  fromServer: (frame) => {
    let { type } = frame;
    for (const [beta, name] of RENAMED) type = typeof type === "string" ? type.replace(beta, name) : type;
    return { ...frame, type };
  },
};
