// This module is browser compatible.
import { isRecord } from "../_internal/wire.ts";
import type { Dial } from "../transport/socket.ts";
import { frameText } from "./_frames/frame_text.ts";
import { mapFrames } from "./tap_frames.ts";

/**
 * A frame as JSON.
 *
 * @category Frames
 */
export type DialectFrame = Readonly<Record<string, unknown>>;

/**
 * Translates between the protocol and a server's variant of it.
 *
 * @category Frames
 */
export interface Dialect {
  /** Translates a frame of ours for the server. */
  toServer(frame: DialectFrame): DialectFrame;
  /**
   * Translates a frame of the server into our protocol. When this throws, an event of type `dialect_failed` arrives in its
   * place, with a `message` and the `frame`.
   */
  fromServer(frame: DialectFrame): DialectFrame;
}

/**
 * Creates a dialer for a server that speaks a variant of the protocol. JSON objects pass through the dialect, including
 * those in binary frames; all other frames pass unchanged. The example `azure_voice_live` of this repository has the
 * whole dialect of Azure Voice Live, which kept the beta's names.
 *
 * @category Frames
 *
 * @example A server that speaks with the beta's names
 * ```ts
 * import { connect, type Dialect, withDialect } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const beta: Dialect = {
 *   toServer: (frame) => frame,
 *   fromServer: ({ type, ...frame }) => ({
 *     ...frame,
 *     type: String(type).replace(/^response\.(?=text|audio)/, "response.output_"),
 *   }),
 * };
 * // In place of the simulator: createHeaderDialer(), or the dialer of your runtime.
 * const dial = withDialect(createSimulator().dial, beta);
 * await using session = await connect({ apiKey: "sk-test", dial });
 * assertEquals((await session.ask("Hello!")).status, "completed");
 * ```
 */
export function withDialect(dial: Dial, dialect: Dialect): Dial {
  return mapFrames(dial, {
    outbound: (frame) => JSON.stringify(dialect.toServer(JSON.parse(frame))),
    inbound: (frame) => {
      let value: unknown;
      try {
        value = JSON.parse(frameText(frame) ?? "");
      } catch {
        // The transport reports frames that are not JSON.
      }
      if (!isRecord(value)) return frame;
      try {
        return JSON.stringify(dialect.fromServer(value as DialectFrame));
      } catch (error) {
        return JSON.stringify({ type: "dialect_failed", message: String(error), frame: value });
      }
    },
  });
}
