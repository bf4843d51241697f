// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { aClock, anArray } from "../../_internal/option_kinds.ts";
import { type Clock, systemClock } from "../../_internal/clock.ts";
import { ConnectionError } from "../../errors.ts";
import { createMemorySocketPair } from "../../transport/memory.ts";
import type { Dial, Socket } from "../../transport/socket.ts";
import { createTransport } from "../../transport/socket_transport.ts";
import type { Transport } from "../../transport/transport.ts";
import { ReplayRun } from "./_replay_run.ts";
import type { RecordedLine } from "./recording.ts";
import type { ReplayReport } from "./replay_report.ts";

/**
 * Client event fields that are not compared: generated ids, and the key by which `Session` identifies its responses.
 */
const ALWAYS_IGNORED = ["event_id", "item.id", "response.metadata.oai_rt_key"];

/**
 * Options of {@linkcode replayRecording}.
 *
 * @category Simulator
 */
export interface ReplayOptions {
  /**
   * Speed of the server's answers: `"recorded"` keeps the recorded delays, counted from the event that is answered,
   * `"fast"` has none.
   *
   * @default {"fast"}
   */
  readonly pace?: "fast" | "recorded" | undefined;
  /**
   * Paths of fields in which the client may differ, e.g. `session.instructions`; a field includes all fields in it.
   *
   * @default {[]}
   */
  readonly ignore?: readonly string[] | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * A recording as a server, for one client; see {@linkcode replayRecording}.
 *
 * @category Simulator
 */
export interface Replay {
  /** Opens a connection in memory. Throws like {@linkcode Replay.serve}. */
  transport(): Transport;
  /** Opens a socket in memory for a client that dials by itself. Rejects as {@linkcode Replay.serve} throws. */
  readonly dial: Dial;
  /**
   * Answers the client at the other end of a socket.
   *
   * @throws {ConnectionError} when a client has already connected.
   */
  serve(socket: Socket): void;
  /** The result so far. */
  report(): ReplayReport;
  /** Resolves when the connection has ended, no matter which side ended it. */
  readonly ended: Promise<ReplayReport>;
}

/**
 * Creates a server from a recording: it sends the recorded server events in order, waits for the client where the
 * recorded server did, and records where the client differs. It can be used as a server for a client, and as a check of
 * one. A client of the Live API uses `dial`.
 *
 * Ids chosen by the client replace the recorded ones, and are not compared. Audio is not compared either: the server
 * waits for it for the duration of the recorded audio, or until the client moves on. Audio omitted in the recording is
 * replayed as silence.
 *
 * @category Simulator
 *
 * @example Replaying a recording to a client
 * ```ts
 * import { connect } from "@oai-rt/edge";
 * import { parseRecording, replayRecording } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const recording = parseRecording(`
 *   {"dir":"recv","event":{"type":"session.created","event_id":"event_1","session":{"type":"realtime"}}}
 *   {"dir":"sent","event":{"type":"session.update","session":{"type":"realtime","instructions":"Be kind."}}}
 *   {"dir":"recv","event":{"type":"session.updated","event_id":"event_2","session":{"type":"realtime"}}}
 * `);
 * const replay = replayRecording(recording);
 * const session = await connect({ apiKey: "sk-test", dial: replay.dial, instructions: "Be brief." });
 * await session.close();
 * const { differences, isComplete } = await replay.ended;
 * assertEquals(isComplete, true);
 * assertEquals(differences.map(({ path, recorded, sent }) => [path, recorded, sent]), [
 *   ["session.instructions", "Be kind.", "Be brief."],
 * ]);
 * ```
 *
 * @throws {TypeError} when an option is unknown, or of another kind.
 */
export function replayRecording(recording: readonly RecordedLine[], options: ReplayOptions = {}): Replay {
  const known: OptionNames<ReplayOptions> = {
    clock: aClock,
    ignore: anArray,
    pace: [["fast", "recorded"]],
  };
  checkOptions("replay the recording", options, known);
  const { clock = systemClock, ignore = [], pace = "fast" } = options;
  const run = new ReplayRun(recording, {
    clock,
    keepsTime: pace === "recorded",
    ignored: new Set([...ALWAYS_IGNORED, ...ignore]),
  });
  const url = "ws://replay/v1/realtime";
  const serve = (socket: Socket) => {
    if (run.isTaken) {
      throw new ConnectionError("Cannot replay the recording as it has been replayed to another client", {
        kind: "unreachable",
        url,
      });
    }
    run.serve(socket);
  };
  const open = () => {
    const [client, server] = createMemorySocketPair();
    serve(server);
    return client;
  };
  return {
    serve,
    transport: () => createTransport(open(), { url, clock }),
    dial: ({ signal }) =>
      Promise.resolve().then(() => {
        signal.throwIfAborted();
        return open();
      }),
    report: () => run.report(),
    ended: run.ended,
  };
}
