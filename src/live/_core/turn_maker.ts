// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { LiveSpeaker, LiveTurn, LiveTurnOptions } from "../live_turn.ts";

/** A piece of a transcript. */
export interface LiveFragment {
  /** The speaker. */
  readonly role: LiveSpeaker;
  /** The words. */
  readonly text: string;
  /** Start, in milliseconds. */
  readonly startMs: number;
  /** End, in milliseconds. */
  readonly endMs: number;
}

/** Callbacks for turns. */
export interface TurnMakerOptions extends LiveTurnOptions {
  /** Called when a turn has grown. */
  readonly onDelta: (turn: LiveTurn, delta: string) => void;
  /** Called when a turn is over. */
  readonly onDone: (turn: LiveTurn) => void;
  /** Source of time. */
  readonly clock: Clock;
}

type OpenTurn = { -readonly [Key in keyof LiveTurn]: LiveTurn[Key] };

/**
 * Groups fragments into turns. Both sides may speak at the same time: each has its own turn, which ends with a pause.
 * The server reports no end, so a pause is the absence of fragments: until the other side's next words, or for a while.
 */
export class TurnMaker {
  readonly #options: TurnMakerOptions;
  readonly #separationMs: number;
  readonly #silenceMs: number;
  readonly #backchannelMs: number;
  readonly #open = new Map<LiveSpeaker, OpenTurn>();
  readonly #timers = new Map<LiveSpeaker, () => void>();
  #count = 0;

  constructor(options: TurnMakerOptions) {
    const { backchannelMs = 1_000, separationMs = 500, silenceMs = 2_000 } = options;
    this.#options = options;
    this.#separationMs = separationMs;
    this.#silenceMs = silenceMs;
    this.#backchannelMs = backchannelMs;
  }

  /** The unfinished turn of a speaker. */
  current(role: LiveSpeaker): LiveTurn | undefined {
    return this.#open.get(role);
  }

  /** Adds the next fragment. */
  push({ endMs, role, startMs, text }: LiveFragment): void {
    if (text === "") return;
    const own = this.#open.get(role);
    const other = this.#open.get(role === "user" ? "assistant" : "user");
    if (own && startMs - own.endMs >= this.#silenceMs) this.#finish(own, "completed");
    // The clock of the session has restarted.
    else if (own && endMs < own.startMs) this.#finish(own, "completed");
    if (other && startMs - other.endMs >= this.#separationMs) this.#finish(other, "completed");
    let turn = this.#open.get(role);
    if (!turn) {
      const id = `turn_${++this.#count}`;
      turn = { id, role, text: "", startMs, endMs, status: "in_progress", isBackchannel: false };
      this.#open.set(role, turn);
    }
    turn.text = joinWords(turn.text, text);
    turn.endMs = Math.max(turn.endMs, endMs);
    this.#restart(turn);
    this.#options.onDelta({ ...turn }, text);
  }

  /** Ends all turns, as the session or its connection has ended; returns their ids. */
  end(): readonly string[] {
    const turns = [...this.#open.values()].sort((a, b) => a.startMs - b.startMs);
    for (const turn of turns) this.#finish(turn, "incomplete");
    return turns.map(({ id }) => id);
  }

  #restart(turn: OpenTurn): void {
    this.#timers.get(turn.role)?.();
    this.#timers.set(turn.role, this.#options.clock.schedule(() => this.#finish(turn, "completed"), this.#silenceMs));
  }

  #finish(turn: OpenTurn, status: "completed" | "incomplete"): void {
    this.#timers.get(turn.role)?.();
    this.#timers.delete(turn.role);
    this.#open.delete(turn.role);
    const other = this.#open.get(turn.role === "user" ? "assistant" : "user");
    const isShort = turn.endMs - turn.startMs < this.#backchannelMs;
    const isBackchannel = isShort && other !== undefined && other.startMs < turn.startMs && other.endMs > turn.endMs;
    this.#options.onDone({ ...turn, status, isBackchannel });
  }
}

/**
 * Joins fragments as they are, except at the start, where a space separates nothing, and between sentences, where some
 * servers omit it.
 */
export function joinWords(before: string, next: string): string {
  if (before === "") return next.trimStart();
  return before + (/[.!?…]$/.test(before) && /^[\p{L}\p{N}]/u.test(next) ? " " : "") + next;
}
