// This module is browser compatible.
import { addBounded } from "../../_internal/add_bounded.ts";
import { checkOptions } from "../../_internal/check_options.ts";
import { aNumber } from "../../_internal/option_kinds.ts";
import { mapReader } from "../_core/map_reader.ts";
import { Multicast } from "../../_internal/multicast.ts";
import type { Clock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { RealtimeApiError } from "../../errors.ts";
import {
  type LiveDelegationTask,
  type LiveDelegationWords,
  type LiveInterval,
  type LiveRequestOptions,
  type LiveWaitOptions,
  WAIT_NAMES,
} from "../live_delegation.ts";
import { joinWords, type LiveFragment } from "../_core/turn_maker.ts";

/**
 * Maximum number of delegations that wait to be read for the first time, of those remembered, so that none is handled
 * twice, and of fragments per delegation.
 */
const MAX_UNREAD = 64;
const MAX_SEEN = 1_024;
const MAX_FRAGMENTS = 4_096;

/** Time to wait for the rest of the user's sentence, in milliseconds. */
const REQUEST_TIMEOUT_MS = 4_000;

/** Dependencies of the delegations. */
export interface DelegationTasksOptions {
  /** Sends a text that belongs to a delegation to the model. */
  readonly append: (
    kind: "thinking" | "commentary",
    text: string,
    options: LiveWaitOptions | undefined,
    id: string,
  ) => Promise<LiveInterval>;
  /** Whether the user is in the middle of a turn. */
  readonly isUserSpeaking: () => boolean;
  /** Source of time. */
  readonly clock: Clock;
}

/** Dependencies of the tasks. */
interface TaskHost extends DelegationTasksOptions {
  /** Aborted when the session ends. */
  readonly signal: AbortSignal;
  /** Resolves at the end of the user's turn. */
  pause: PromiseWithResolvers<void>;
  /** The last one. */
  newest: Task | undefined;
}

/** The delegations that the application handles itself. */
export class DelegationTasks {
  readonly #host: TaskHost;
  readonly #readers = new Multicast<LiveDelegationTask>();
  readonly #controller = new AbortController();
  readonly #unread = new Set<LiveDelegationTask>();
  readonly #seen = new Set<string>();
  #words: LiveDelegationWords[] = [];

  constructor(options: DelegationTasksOptions) {
    const { signal } = this.#controller;
    this.#host = { ...options, signal, pause: Promise.withResolvers(), newest: undefined };
  }

  /** The delegations, including those that have not been read yet. */
  read(): AsyncIterableIterator<LiveDelegationTask, void, undefined> {
    return mapReader(this.#readers.subscribe([...this.#unread]), (task) => {
      this.#unread.delete(task);
      return task;
    });
  }

  /** Adds a fragment of a transcript. */
  hear(fragment: LiveFragment): void {
    join(this.#words, fragment);
    this.#host.newest?.hear(fragment);
  }

  /** The user's turn is over: later words belong to the next delegation. */
  pause(): void {
    const { newest, pause } = this.#host;
    if (newest?.seal()) this.#words = [];
    this.#host.pause = Promise.withResolvers();
    pause.resolve();
  }

  /** Processes `session.delegation.created`; returns the task, if it is a new one of the application. */
  create(event: WireEvent): LiveDelegationTask | undefined {
    const id = stringAt(event.delegation, "id");
    if (id === undefined || (stringAt(event.delegation, "target") ?? "client") !== "client") return undefined;
    if (this.#seen.has(id)) return undefined;
    addBounded(this.#seen, id, MAX_SEEN);
    const task = new Task(id, numberAt(event, "offset_ms"), this.#words, this.#host);
    this.#host.newest = task;
    this.#words = [];
    addBounded(this.#unread, task, MAX_UNREAD);
    this.#readers.publish(task);
    return task;
  }

  /** Ends the tasks, as the session has ended. */
  end(reason: Error): void {
    this.#controller.abort(reason);
    this.#readers.end();
  }
}

class Task implements LiveDelegationTask {
  readonly id: string;
  readonly offsetMs: number;
  readonly signal: AbortSignal;
  readonly transcript: LiveDelegationWords[];
  readonly #host: TaskHost;
  /** Number of answers that the server has not rejected. */
  #answers = 0;
  #isSealed = false;

  constructor(id: string, offsetMs: number, words: LiveDelegationWords[], host: TaskHost) {
    this.id = id;
    this.offsetMs = offsetMs;
    this.signal = host.signal;
    this.transcript = words;
    this.#host = host;
  }

  get isStale(): boolean {
    return this.#host.newest !== this;
  }

  get isAnswered(): boolean {
    return this.#answers > 0;
  }

  /** Adds a fragment, until the end of the sentence in which the delegation was created. */
  hear(fragment: LiveFragment): void {
    if (!this.#isSealed) join(this.transcript, fragment);
  }

  /** Stops adding, unless words of the user are still expected; returns whether this has changed. */
  seal(): boolean {
    if (this.#isSealed || !this.transcript.some(({ role }) => role === "user")) return false;
    return this.#isSealed = true;
  }

  async request(options: LiveRequestOptions = {}): Promise<string> {
    checkOptions("read the request", options, { ...WAIT_NAMES, timeoutMs: aNumber });
    const { signal, timeoutMs = REQUEST_TIMEOUT_MS } = options;
    const host = this.#host;
    const { clock } = host;
    const users = () => this.transcript.filter(({ role }) => role === "user");
    const both = AbortSignal.any([this.signal, ...signal ? [signal] : []]);
    const wait = async (signal: AbortSignal) => {
      while (!signal.aborted && (users().length === 0 || host.isUserSpeaking())) await host.pause.promise;
    };
    try {
      await withTimeout(wait, { what: "read the request", signal: both, timeoutMs, clock });
    } catch (error) {
      // After the timeout, the words so far count.
      if (both.aborted || !(error instanceof DOMException)) throw error;
    }
    return users().map(({ text }) => text).join(" ").replace(/\s+/g, " ").trim();
  }

  async tell(text: string, options?: LiveWaitOptions): Promise<LiveInterval> {
    return await this.#host.append("thinking", text, options, this.id);
  }

  async answer(text: string, options?: LiveWaitOptions): Promise<LiveInterval> {
    options?.signal?.throwIfAborted();
    this.#answers++;
    try {
      return await this.#host.append("commentary", text, options, this.id);
    } catch (error) {
      // After an abort or a timeout, the answer may still arrive; an invalid one was not sent.
      if (error instanceof TypeError || error instanceof RealtimeApiError) this.#answers--;
      throw error;
    }
  }
}

/** Adds a fragment; joins it to the previous words if the speaker is the same. */
function join(words: LiveDelegationWords[], { endMs, role, startMs, text }: LiveFragment): void {
  const last = words.at(-1);
  if (last?.role === role) words[words.length - 1] = { ...last, text: joinWords(last.text, text), endMs };
  else words.push({ role, text: joinWords("", text), startMs, endMs });
  if (words.length > MAX_FRAGMENTS) words.shift();
}
