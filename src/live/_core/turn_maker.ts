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
  /** Called when a turn has grown by a fragment. */
  readonly onDelta: (turn: LiveTurn, fragment: LiveFragment) => void;
  /** Called when a turn is over. */
  readonly onDone: (turn: LiveTurn) => void;
  /** Source of time. */
  readonly clock: Clock;
}

interface OpenTurn {
  readonly turn: { -readonly [Key in keyof LiveTurn]: LiveTurn[Key] };
  /** Cancels its end. */
  cancel: () => void;
}

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
  #count = 0;

  constructor(options: TurnMakerOptions) {
    const { backchannelMs = 1_000, separationMs = 500, silenceMs = 2_000 } = options;
    this.#options = options;
    this.#separationMs = separationMs;
    this.#silenceMs = silenceMs;
    this.#backchannelMs = backchannelMs;
  }

  /** The unfinished turn of a speaker. */
  #current(role: LiveSpeaker): LiveTurn | undefined {
    return this.#open.get(role)?.turn;
  }

  /** Adds the next fragment. */
  push(fragment: LiveFragment): void {
    const { endMs, role, startMs, text } = fragment;
    if (text === "") return;
    const own = this.#current(role);
    const other = this.#current(otherOf(role));
    const isReply = other && startMs - other.endMs >= this.#separationMs;
    // A reply does not continue a turn that the other side has interrupted. A fragment that ends before the turn
    // begins: the clock of the session has restarted.
    if (
      own &&
      (startMs - own.endMs >= this.#silenceMs || endMs < own.startMs || isReply && other.endMs > own.endMs)
    ) this.#finish(role);
    if (isReply) this.#finish(other.role);
    let open = this.#open.get(role);
    if (!open) {
      const id = `turn_${++this.#count}`;
      const turn = { id, role, text: "", startMs, endMs, status: "in_progress" as const, isBackchannel: false };
      this.#open.set(role, open = { turn, cancel: () => {} });
    }
    const { turn } = open;
    turn.text = joinWords(turn.text, text);
    turn.endMs = Math.max(turn.endMs, endMs);
    open.cancel();
    open.cancel = this.#options.clock.schedule(() => this.#finish(role), this.#silenceMs);
    this.#options.onDelta({ ...turn }, fragment);
  }

  /** Ends all turns, as the session or its connection has ended; returns their ids. */
  end(): readonly string[] {
    const turns = [...this.#open.values()].map(({ turn }) => turn).sort((a, b) => a.startMs - b.startMs);
    for (const { role } of turns) this.#finish(role, "incomplete");
    return turns.map(({ id }) => id);
  }

  #finish(role: LiveSpeaker, status: "completed" | "incomplete" = "completed"): void {
    const { cancel, turn } = this.#open.get(role)!;
    cancel();
    this.#open.delete(role);
    const { endMs, startMs } = turn;
    const other = this.#current(otherOf(role));
    const isBackchannel = endMs - startMs < this.#backchannelMs && other !== undefined && other.startMs < startMs &&
      other.endMs > endMs;
    this.#options.onDone({ ...turn, status, isBackchannel });
  }
}

function otherOf(role: LiveSpeaker): LiveSpeaker {
  return role === "user" ? "assistant" : "user";
}

/**
 * Joins fragments as they are, except at the start, where a space separates nothing, and between sentences, where some
 * servers omit it.
 */
export function joinWords(before: string, next: string): string {
  if (before === "") return next.trimStart();
  return before + (/[.!?…]$/.test(before) && /^[\p{L}\p{N}]/u.test(next) ? " " : "") + next;
}
