// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";

/**
 * An event that was sent or received.
 *
 * @category Simulator
 */
export interface RecordedEvent {
  /** The sender, as seen by the client: `"sent"` by the client, `"recv"` by the server. */
  readonly dir: "recv" | "sent";
  /** Milliseconds from the beginning of the recording; recordings without times can be replayed, too. */
  readonly at_ms?: number | undefined;
  /**
   * The event as it was on the wire, without secrets. Audio may have been replaced by its length:
   * `{ "audio_ms": 400, "format": "audio/pcm" }`.
   */
  readonly event: Readonly<Record<string, unknown>>;
}

/**
 * A frame that holds no event.
 *
 * @category Simulator
 */
export interface RecordedFrame {
  /** The sender, as in {@linkcode RecordedEvent}. */
  readonly dir: "recv" | "sent";
  /** Milliseconds from the beginning of the recording. */
  readonly at_ms?: number | undefined;
  /** The frame: its text, or the bytes of a binary one. */
  readonly frame: string | {
    /** The bytes. */
    readonly base64: string;
  };
}

/**
 * The end of the connection.
 *
 * @category Simulator
 */
export interface RecordedClose {
  /** Type of the line. */
  readonly dir: "close";
  /** Milliseconds from the beginning of the recording. */
  readonly at_ms?: number | undefined;
  /** Close code, as the client saw it. */
  readonly code?: number | undefined;
  /** Reason, as the client saw it. */
  readonly reason?: string | undefined;
  /** The side that ended it, if known. */
  readonly by?: "client" | "server" | undefined;
}

/**
 * One line of a recording, which is a file of JSON lines.
 *
 * @category Simulator
 */
export type RecordedLine = RecordedEvent | RecordedFrame | RecordedClose;

/**
 * Parses a recording. Empty lines are skipped.
 *
 * @category Simulator
 *
 * @param text JSON lines, as a recorder writes them.
 * @throws {SyntaxError} when a line is not valid; the message contains its number.
 *
 * @example The events of the client
 * ```ts
 * import { parseRecording } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const lines = parseRecording('{"dir":"sent","at_ms":4,"event":{"type":"response.create"}}\n{"dir":"close","code":1000}\n');
 * assertEquals(lines.map(({ dir }) => dir), ["sent", "close"]);
 * ```
 */
export function parseRecording(text: string): readonly RecordedLine[] {
  return text.split("\n").flatMap((line, index) => line.trim() === "" ? [] : [parseLine(line, index + 1)]);
}

function parseLine(text: string, number: number): RecordedLine {
  const fail = (why: string) => new SyntaxError(`Cannot parse the recording as line ${number} ${why}`);
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw fail("is no JSON");
  }
  if (!isRecord(line)) throw fail("is no JSON object");
  const { at_ms, dir, event, frame } = line;
  if (at_ms !== undefined && typeof at_ms !== "number") throw fail("must have a number as at_ms");
  if (dir === "close") return line as unknown as RecordedClose;
  if (dir !== "recv" && dir !== "sent") throw fail('must have "recv", "sent" or "close" as dir');
  if (isRecord(event) || typeof frame === "string" || (isRecord(frame) && typeof frame.base64 === "string")) {
    return line as unknown as RecordedEvent | RecordedFrame;
  }
  throw fail("must have an object as event, or a text as frame");
}
