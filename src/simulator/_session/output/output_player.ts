// This module is browser compatible.
import type { PlannedOutput } from "../../model/planned_output.ts";
import type { ReplyPlan } from "../../model/reply_plan.ts";
import type { OutputTrack } from "./output_track.ts";
import { addTokens, type TokenCount } from "../usage.ts";

/** An output that is being streamed. */
interface Running {
  readonly track: OutputTrack;
  readonly steps: Generator<number, boolean>;
}

/** Streams the outputs of a response, one after the other or at the same time. */
export class OutputPlayer {
  readonly #plan: ReplyPlan;
  readonly #trackFor: (output: PlannedOutput, index: number) => OutputTrack;
  readonly #tracks: OutputTrack[] = [];
  readonly #open = new Set<OutputTrack>();
  readonly #streamed = new Set<OutputTrack>();

  /** @param trackFor creates the track of an output. */
  constructor(plan: ReplyPlan, trackFor: (output: PlannedOutput, index: number) => OutputTrack) {
    this.#plan = plan;
    this.#trackFor = trackFor;
  }

  /** Tokens streamed so far, except those of one track. */
  tokensBut(track?: OutputTrack): TokenCount {
    return addTokens(...this.#tracks.filter((other) => other !== track).map(({ tokens }) => tokens));
  }

  /**
   * Streams all outputs: yields the milliseconds to wait before it continues. Complete outputs at the end are left
   * open.
   *
   * @returns whether all was streamed; not when the tokens ran out.
   */
  play(): Generator<number, boolean> {
    return this.#plan.interleaved ? this.#playTogether() : this.#playInTurn();
  }

  /**
   * Ends the open outputs: those that were not streamed to their end are incomplete, and the last one has the given
   * status.
   */
  close(lastStatus: "completed" | "incomplete"): void {
    const tracks = [...this.#open];
    this.#open.clear();
    for (const track of tracks) {
      const isWhole = track === tracks.at(-1) ? lastStatus === "completed" : this.#streamed.has(track);
      track.close(isWhole ? "completed" : "incomplete");
    }
  }

  /** A commentary ends only after the output that follows it has been streamed. */
  *#playInTurn(): Generator<number, boolean> {
    const { outputs } = this.#plan;
    for (const [index, output] of outputs.entries()) {
      if (output.delayMs) yield output.delayMs;
      const { steps, track } = this.#begin(output, index);
      if (!(yield* steps)) return false;
      this.#streamed.add(track);
      if (index < outputs.length - 1 && !track.overlapsNext) this.close("completed");
    }
    return true;
  }

  *#playTogether(): Generator<number, boolean> {
    const waiting = [...this.#plan.outputs.entries()];
    const running = new Set<Running>();
    const spoken: OutputTrack[] = [];
    while (waiting.length > 0 || running.size > 0) {
      const [index, output] = waiting.shift() ?? [];
      if (index !== undefined && output) {
        if (output.delayMs) yield output.delayMs;
        running.add(this.#begin(output, index));
      }
      for (const each of running) {
        if (each.track.speaks && this.#speaking(running) !== each) continue;
        const step = each.steps.next();
        if (!step.done) {
          // As reported: a message that has been spoken is done only when the next one has begun to be heard.
          if (each.track.isHeard) this.#closeAll(spoken);
          yield step.value;
          continue;
        }
        if (!step.value) return false;
        running.delete(each);
        this.#streamed.add(each.track);
        if (running.size + waiting.length === 0) return true;
        if (each.track.speaks && this.#speaking(running)) spoken.push(each.track);
        else this.#closeAll([each.track]);
      }
    }
    return true;
  }

  /** The message currently spoken: the audio of two is never mixed. */
  #speaking(running: ReadonlySet<Running>): Running | undefined {
    for (const each of running) if (each.track.speaks) return each;
    return undefined;
  }

  /** Ends outputs that are complete, and forgets them. */
  #closeAll(tracks: OutputTrack[]): void {
    for (const track of tracks.splice(0)) {
      this.#open.delete(track);
      track.close("completed");
    }
  }

  #begin(output: PlannedOutput, index: number): Running {
    const track = this.#trackFor(output, index);
    this.#tracks.push(track);
    this.#open.add(track);
    track.open();
    return { track, steps: track.stream() };
  }
}
