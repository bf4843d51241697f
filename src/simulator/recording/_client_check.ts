// This module is browser compatible.
import { at, stringAt } from "../../_internal/wire.ts";
import type { RecordedLine } from "./recording.ts";
import type { ReplayDifference } from "./replay_report.ts";
import type { AudioLengths } from "./_audio_lengths.ts";
import { eventDifferences, type ValueDifference } from "./_event_differences.ts";
import type { IdMap } from "./_item_ids.ts";
import { contentOf, isAppend, type SpokenLine, typeOf } from "./_lines.ts";

/** Milliseconds of audio that rounding may cost. */
const TOLERANCE_MS = 1;

/** Options of a check. */
export interface ClientCheckOptions {
  /** The recording. */
  readonly lines: readonly RecordedLine[];
  /** Ids of the items that the client has created, by line. */
  readonly createdIds: ReadonlyMap<number, string>;
  /** Learns which ids correspond to each other. */
  readonly ids: IdMap;
  /** Measures the duration of audio. */
  readonly lengths: AudioLengths;
  /** Paths of fields that are not compared. */
  readonly ignored: ReadonlySet<string>;
}

/** Compares the events of a client with those recorded. */
export class ClientCheck {
  /** Differences of the client, in order. */
  readonly differences: ReplayDifference[] = [];
  readonly #options: ClientCheckOptions;
  /** The client's events for its lines; `undefined` where it has continued without one. */
  readonly #past = new Map<number, unknown>();
  /** Next line, ignoring audio. */
  #next = -1;
  #heardMs = 0;
  /** Accumulated audio of the lines up to each one, computed on demand. */
  readonly #dueMs: number[] = [];

  constructor(options: ClientCheckOptions) {
    this.#options = options;
    this.#goOn();
  }

  /** Type of the next event, ignoring audio; `undefined` at the end. */
  get next(): string | undefined {
    const line = this.#options.lines[this.#next];
    return line && typeOf(line);
  }

  /** Whether the client has passed one of its lines. */
  isPast(index: number): boolean {
    if (this.#past.has(index)) return true;
    const { lines } = this.#options;
    if (!isAppend(typeOf(lines[index]!))) return false;
    // A client that has moved on sends no more audio for it.
    if ([...this.#past.keys()].some((later) => later > index)) return true;
    while (this.#dueMs.length <= index) {
      this.#dueMs.push((this.#dueMs.at(-1) ?? 0) + this.#audioMs(lines[this.#dueMs.length]!));
    }
    return this.#heardMs + TOLERANCE_MS >= this.#dueMs[index]!;
  }

  /** The client's event for one of its lines. */
  sentFor(index: number | undefined): unknown {
    return index === undefined ? undefined : this.#past.get(index);
  }

  /** Processes an event of the client. Returns the lines that it has passed. */
  take(sent: SpokenLine): readonly number[] {
    const { lines } = this.#options;
    const type = typeOf(sent);
    if (isAppend(type)) {
      this.#heardMs += this.#audioMs(sent);
      if (!lines.some((line) => isAppend(typeOf(line)))) this.#differ("unexpected", type, lines.length - 1);
      return [];
    }
    const place = this.#placeOf(type);
    if (place === undefined) {
      this.#differ("unexpected", type, Math.min(this.#next, lines.length - 1));
      return [];
    }
    const passed: number[] = [];
    while (this.#next < place) {
      this.#differ("missing", this.next ?? "", this.#next);
      passed.push(this.#pass());
    }
    this.#compare(lines[place] as SpokenLine, sent);
    return [...passed, this.#pass(contentOf(sent))];
  }

  /** Notes that nothing more will come. */
  end(): void {
    while (this.next !== undefined) {
      this.#differ("missing", this.next, this.#next);
      this.#pass();
    }
  }

  /** The line that expects an event of this type: the next one, or one after others that the client sent in one go. */
  #placeOf(type: string): number | undefined {
    const { lines } = this.#options;
    for (let index = this.#next; lines[index]?.dir === "sent"; index++) {
      if (typeOf(lines[index]!) === type) return index;
    }
  }

  #pass(sent?: unknown): number {
    const passed = this.#next;
    this.#past.set(passed, sent);
    this.#goOn();
    return passed;
  }

  #goOn(): void {
    const { lines } = this.#options;
    do this.#next++; while (this.#next < lines.length && !this.#isWanted(lines[this.#next]!));
  }

  #isWanted(line: RecordedLine): boolean {
    return line.dir === "sent" && !isAppend(typeOf(line));
  }

  #compare(line: SpokenLine, arrived: SpokenLine): void {
    const { createdIds, ids, ignored } = this.#options;
    const [recorded, sent] = [contentOf(line), contentOf(arrived)];
    ids.add(stringAt(recorded, "event_id"), stringAt(sent, "event_id"));
    ids.add(createdIds.get(this.#next), stringAt(sent, "item", "id"));
    for (const difference of eventDifferences(recorded, ids.toRecorded(sent), ignored)) {
      this.#differ("different", typeOf(line), this.#next, difference);
    }
  }

  #differ(kind: ReplayDifference["kind"], type: string, index: number, value?: ValueDifference): void {
    this.differences.push({ kind, line: index + 1, type, ...value });
  }

  /** Milliseconds of audio in a line; 0 when there are none. */
  #audioMs(line: RecordedLine): number {
    if (line.dir !== "sent" || !isAppend(typeOf(line))) return 0;
    return this.#options.lengths.measure("audio", typeOf(line), at(contentOf(line), "audio"))?.audio_ms ?? 0;
  }
}
