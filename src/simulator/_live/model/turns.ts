// This module is browser compatible.
import { GRID_MS } from "./input_clock.ts";
import type { Delegations } from "./delegations.ts";
import type { LiveScenarioTurn } from "../../live/live_scenario.ts";
import { SpokenWords } from "./spoken_words.ts";
import type { Stage } from "./stage.ts";
import { UserVoice } from "./user_voice.ts";

/** Delay between the user's last word and the answer, in milliseconds. */
const ANSWER_AFTER_MS = 400;

/** Speech of the user after which the model stops, in milliseconds. */
const YIELD_AFTER_MS = 300;

/** The user's turns: detects them, and decides when the model answers and when it stops. */
export class Turns {
  readonly #stage: Stage;
  readonly #delegations: Delegations;
  readonly #voice = new UserVoice();
  #turn: LiveScenarioTurn | undefined;
  #words = new SpokenWords("");
  #text = "";
  #hasDelegated = false;
  #deferred: (() => void)[] = [];

  constructor(stage: Stage, delegations: Delegations) {
    this.#stage = stage;
    this.#delegations = delegations;
  }

  /** Whether the user speaks, or has just paused. */
  get isUserSpeaking(): boolean {
    return this.#voice.isSpeaking;
  }

  /** Hears a step of the input. */
  hear(samples: Int16Array, startMs: number): void {
    const change = this.#voice.hear(samples, startMs);
    if (change === "started") this.#start();
    if (change === "stopped") return this.#stop(startMs);
    if (!this.#voice.isSpeaking) return;
    const { voice } = this.#stage;
    if (this.#voice.isLoud && this.#voice.durationMs >= YIELD_AFTER_MS && voice.isSpeaking) voice.cut();
    if (startMs % GRID_MS === 0 && this.#voice.isLoud) this.#tell(this.#words.next(), startMs);
    const plan = this.#turn?.delegates;
    if (plan?.afterMs === undefined || this.#hasDelegated || startMs - this.#voice.startMs < plan.afterMs) return;
    this.#hasDelegated = true;
    this.#delegations.create(plan);
  }

  /** Continues after the backend has finished. */
  resume(): void {
    while (!this.#delegations.backend.isBusy && this.#deferred.length > 0) this.#deferred.shift()!();
  }

  #start(): void {
    this.#turn = this.#stage.nextTurn();
    this.#words = new SpokenWords(this.#turn?.user ?? "");
    this.#text = "";
    this.#hasDelegated = false;
  }

  #stop(startMs: number): void {
    const isKnown = this.#turn?.user !== undefined;
    this.#tell(isKnown ? this.#words.rest() : `Some speech, ${(this.#voice.durationMs / 1000).toFixed(1)}s`, startMs);
    const turn = this.#turn;
    const text = this.#text;
    const hasDelegated = this.#hasDelegated;
    const answer = () => {
      const plan = turn ? turn.delegates : this.#delegations.usualPlan(text);
      if (plan && !hasDelegated) this.#delegations.create(plan);
      const says = turn?.says ?? (plan ? "" : `You said: ${text}`);
      this.#stage.voice.say(says, this.#stage.nowMs + ANSWER_AFTER_MS, turn?.audio);
    };
    if (this.#delegations.backend.isBusy) this.#deferred.push(answer);
    else answer();
  }

  #tell(delta: string, atMs: number): void {
    if (delta === "") return;
    this.#text += delta;
    const start_ms = Math.floor(atMs / GRID_MS) * GRID_MS;
    const type = "session.input_transcript.delta";
    const id = this.#stage.emit({ type, delta, start_ms, end_ms: start_ms + GRID_MS });
    this.#delegations.decisions.trigger(type, id);
  }
}
