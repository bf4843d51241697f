// This module is browser compatible.
import { decodeBase64 } from "../../audio/mod.ts";
import type { Clock } from "../../_internal/clock.ts";
import { at, isRecord, stringAt } from "../../_internal/wire.ts";
import type { Socket } from "../../transport/socket.ts";
import type { RecordedLine } from "./recording.ts";
import type { ReplayReport } from "./replay_report.ts";
import { AudioLengths, fillLengths } from "./_audio_lengths.ts";
import { findCauses } from "./_causes.ts";
import { ClientCheck } from "./_client_check.ts";
import { createdItemIds, IdMap } from "./_item_ids.ts";
import { isClientsClose, type SpokenLine, toLine, typeOf } from "./_lines.ts";

/** Options of a replay. */
export interface ReplayRunOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Whether the server keeps the recorded timing. */
  readonly keepsTime: boolean;
  /** Paths of fields that are not compared. */
  readonly ignored: ReadonlySet<string>;
}

/** A recording that answers one client. */
export class ReplayRun {
  readonly #lines: readonly RecordedLine[];
  readonly #options: ReplayRunOptions;
  readonly #ended = Promise.withResolvers<ReplayReport>();
  readonly #causes: ReadonlyMap<number, number>;
  readonly #ids = new IdMap();
  readonly #lengths = new AudioLengths();
  readonly #check: ClientCheck;
  /** Metadata of the client's responses, by response id. */
  readonly #metadata = new Map<string, unknown>();
  /** When lines were replayed. */
  readonly #replayedMs = new Map<number, number>();
  #socket: Socket | undefined;
  /** Line of the server that comes next, or the close. */
  #next = 0;
  #startMs = 0;
  #cancelTimer: (() => void) | undefined;
  #isOver = false;

  constructor(lines: readonly RecordedLine[], options: ReplayRunOptions) {
    const createdIds = createdItemIds(lines);
    this.#lines = lines;
    this.#options = options;
    this.#causes = findCauses(lines, createdIds);
    this.#check = new ClientCheck({ lines, createdIds, ids: this.#ids, lengths: this.#lengths, ...options });
  }

  /** Whether a client has come. */
  get isTaken(): boolean {
    return this.#socket !== undefined;
  }

  /** Resolves when the connection has ended. */
  get ended(): Promise<ReplayReport> {
    return this.#ended.promise;
  }

  /** The result so far. */
  report(): ReplayReport {
    const missing = this.#missingCause();
    const waitingFor = missing === undefined ? undefined : typeOf(this.#lines[missing]!);
    return {
      isComplete: this.#check.next === undefined && !this.#lines.slice(this.#next).some(({ dir }) => dir === "recv"),
      waitingFor: waitingFor ?? (this.#next >= this.#lines.length ? this.#check.next : undefined),
      differences: [...this.#check.differences],
    };
  }

  /** Answers a client. */
  serve(socket: Socket): void {
    this.#socket = socket;
    this.#startMs = this.#options.clock.now();
    socket.listen({
      message: (data) => {
        for (const index of this.#check.take(toLine(data))) this.#noteReplayed(index);
        this.#advance();
      },
      close: () => this.#end(),
    });
    this.#advance();
  }

  #advance(): void {
    for (; !this.#cancelTimer && !this.#isOver; this.#next++) {
      const line = this.#lines[this.#next];
      if (!line || this.#missingCause() !== undefined) return;
      if (line.dir === "sent" || (line.dir === "close" && isClientsClose(line))) continue;
      if (!this.#isDue(line)) return;
      this.#noteReplayed(this.#next);
      if (line.dir === "close") this.#socket?.close(line.code, line.reason);
      else this.#send(line);
    }
  }

  /** The line of the client that the next one of the server waits for, if it does. */
  #missingCause(): number | undefined {
    const cause = this.#causes.get(this.#next);
    return cause === undefined || this.#check.isPast(cause) ? undefined : cause;
  }

  #noteReplayed(index: number): void {
    this.#replayedMs.set(index, this.#options.clock.now());
  }

  /** Whether the moment has come for a line of the server; if not, it comes by itself. */
  #isDue({ at_ms }: RecordedLine): boolean {
    if (!this.#options.keepsTime || at_ms === undefined) return true;
    const { clock } = this.#options;
    const cause = this.#causes.get(this.#next);
    // Time counts from the latest predecessor: the server's previous event, or the one that it answers.
    const before = this.#lines.findLastIndex(({ dir }, index) => {
      return index < this.#next && (dir === "recv" || index === cause) && this.#replayedMs.has(index);
    });
    const sinceMs = at_ms - (this.#lines[before]?.at_ms ?? 0);
    const waitMs = (this.#replayedMs.get(before) ?? this.#startMs) + sinceMs - clock.now();
    if (waitMs <= 0) return true;
    this.#cancelTimer = clock.schedule(() => {
      this.#cancelTimer = undefined;
      this.#advance();
    }, waitMs);
    return false;
  }

  #send(line: SpokenLine): void {
    if ("event" in line) {
      this.#lengths.observe(line.event);
      this.#socket?.send(JSON.stringify(this.#withMetadata(this.#ids.toClient(fillLengths(line.event)))));
    } else if (typeof line.frame === "string") {
      this.#socket?.send(line.frame);
    } else {
      // A socket accepts bytes as well: a WebSocket does, and one in memory passes them on.
      this.#socket?.send(decodeBase64(line.frame.base64) as unknown as string);
    }
  }

  /** Adds the metadata of its request to a response, as every server does. */
  #withMetadata(event: unknown): unknown {
    const response = at(event, "response");
    const responseId = stringAt(response, "id") ?? "";
    const asked = at(this.#check.sentFor(this.#causes.get(this.#next)), "response", "metadata");
    if (stringAt(event, "type") === "response.created" && asked) this.#metadata.set(responseId, asked);
    const metadata = this.#metadata.get(responseId);
    return metadata && isRecord(event) && isRecord(response)
      ? { ...event, response: { ...response, metadata } }
      : event;
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimer?.();
    const report = this.report();
    this.#check.end();
    this.#ended.resolve({ ...report, differences: [...this.#check.differences] });
  }
}
