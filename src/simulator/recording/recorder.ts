// This module is browser compatible.
import { encodeBase64 } from "../../audio/mod.ts";
import { checkRequiredOptions, type OptionNames } from "../../_internal/check_options.ts";
import { aClock, aFunction } from "../../_internal/option_kinds.ts";
import { type Clock, systemClock } from "../../_internal/clock.ts";
import { isRecord } from "../../_internal/wire.ts";
import type { SocketEnd } from "../../transport/socket.ts";
import { parseJson } from "../../_internal/text/parse_json.ts";
import { AudioLengths } from "./_audio_lengths.ts";
import { redact, redactText } from "./_redact.ts";
import type { RecordedLine } from "./recording.ts";

/**
 * Options of {@linkcode createRecorder}, {@linkcode recordSocket} and {@linkcode recordTransport}.
 *
 * @category Simulator
 */
export interface RecordOptions {
  /** Writes a line of JSON, without a line break. Must not throw. */
  write(line: string): void;
  /**
   * Handling of audio: `"length"` writes its duration instead, `"keep"` writes it unchanged.
   *
   * @default {"length"}
   */
  audio?: "keep" | "length" | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/** The names of the {@linkcode RecordOptions}, for `checkOptions`. */
export const RECORD_NAMES: OptionNames<RecordOptions> = {
  audio: [["keep", "length"]],
  clock: aClock,
  write: aFunction,
};

/**
 * Records one connection.
 *
 * @category Simulator
 */
export interface Recorder {
  /** Writes down a frame: `"sent"` by the client, `"recv"` from the server. */
  frame(dir: "recv" | "sent", data: string | Uint8Array): void;
  /** Writes down the end of the connection, and who ended it, if that is known. */
  close(end: SocketEnd, by?: "client" | "server"): void;
}

/**
 * Creates a recorder of one connection, for frames that are already available, such as those of the simulator's
 * `onFrame`. To record a whole connection, use {@linkcode recordSocket} or {@linkcode recordTransport}.
 *
 * Secrets are never written: `[redacted]` replaces everything that looks like an API key, a client secret or a bearer
 * token, and the values of fields with secrets, such as `authorization` and `headers` of an MCP server. Words of users
 * and outputs of tools are written.
 *
 * @category Simulator
 *
 * @example Recording a simulator
 * ```ts
 * import { createRecorder, createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const recorder = createRecorder({ write: (line) => lines.push(line) });
 * await using simulator = createSimulator({
 *   onFrame: ({ data, from }) => recorder.frame(from === "server" ? "recv" : "sent", data),
 * });
 * await using transport = simulator.transport();
 * for await (const event of transport.events) if (event.type === "session.created") break;
 * assertEquals(JSON.parse(lines[0]!).event.type, "session.created");
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 */
export function createRecorder(options: RecordOptions): Recorder {
  checkRequiredOptions("record", options, RECORD_NAMES);
  const { audio = "length", clock = systemClock, write } = options;
  const startMs = clock.now();
  const lengths = new AudioLengths();
  const put = (line: RecordedLine) => {
    const { dir, ...content } = line;
    write(JSON.stringify({ dir, at_ms: Math.round(clock.now() - startMs), ...content }));
  };
  return {
    frame(dir, data) {
      const event = typeof data === "string" ? parseJson(data) : undefined;
      if (!isRecord(event)) {
        return put({ dir, frame: typeof data === "string" ? redactText(data) : { base64: encodeBase64(data) } });
      }
      if (dir === "recv") lengths.observe(event);
      put({ dir, event: redact(audio === "keep" ? event : lengths.strip(event)) as typeof event });
    },
    close: ({ code, reason }, by) => put({ dir: "close", code, reason: redactText(reason), by }),
  };
}
