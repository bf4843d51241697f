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

/** Age of the user's last words from which a delegation is about later ones, without a transcript yet, in milliseconds. */
const MAX_AGE_MS = 2_000;

/** Pause of the user after which words do not continue a sentence that has ended, in milliseconds. */
const MAX_PAUSE_MS = 500;

/** Dependencies of the delegations. */
export interface DelegationTasksOptions {
  /** Sends a text that belongs to a delegation to the model. */
  readonly append: (
    kind: "thinking" | "commentary",
    text: string,
    options: LiveWaitOptions | undefined,
    id: string,
  ) => Promise<LiveInterval>;
  /** Source of time. */
  readonly clock: Clock;
}

/** Dependencies of the tasks. */
interface TaskHost extends DelegationTasksOptions {
  /** Aborted when the session ends. */
  readonly signal: AbortSignal;
  /** The last one. */
  newest?: Task;
}

/** The delegations that the application handles itself. */
export class DelegationTasks {
  readonly #host: TaskHost;
  readonly #readers = new Multicast<LiveDelegationTask>();
  readonly #controller = new AbortController();
  readonly #unread = new Set<LiveDelegationTask>();
  readonly #seen = new Set<string>();
  #words: LiveDelegationWords[] = [];
  #isUserSpeaking = false;

  constructor(options: DelegationTasksOptions) {
    const { signal } = this.#controller;
    this.#host = { ...options, signal };
  }

  /** The delegations, including those that have not been read yet. */
  read(): AsyncIterableIterator<LiveDelegationTask, void, undefined> {
    return mapReader(this.#readers.subscribe([...this.#unread]), (task) => {
      this.#unread.delete(task);
      return task;
    });
  }

  /** Adds a fragment of a transcript, from a turn that began at `turnMs`. */
  hear(fragment: LiveFragment, turnMs: number): void {
    const { newest } = this.#host;
    const isUsers = isOfUser(fragment);
    // A sentence that began before a delegation belongs to it, however late its transcript is; others do not, nor does
    // the next sentence of a user who did not wait for the delegation.
    const isForNewest = isUsers && newest?.offsetMs
      ? turnMs <= newest.offsetMs && (newest.isGrowing || turnMs - endOf(newest.transcript) < MAX_PAUSE_MS)
      : newest?.isGrowing;
    this.#isUserSpeaking ||= isUsers;
    if (newest && isForNewest) join(newest.transcript, fragment);
    else if (isUsers) newest?.end();
    // Another delegation may follow before the sentence has ended.
    if (newest?.isGrowing || !isForNewest) join(this.#words, fragment);
  }

  /** The user's turn is over. */
  pause(): void {
    const { newest } = this.#host;
    this.#isUserSpeaking = false;
    if (!newest?.isGrowing || !newest.transcript.some(isOfUser)) return;
    newest.end();
    this.#words = [];
  }

  /** Processes `session.delegation.created`; returns the task, if it is a new one of the application. */
  create(event: WireEvent): LiveDelegationTask | undefined {
    const id = stringAt(event.delegation, "id");
    if (id === undefined || (stringAt(event.delegation, "target") ?? "client") !== "client") return undefined;
    if (this.#seen.has(id)) return undefined;
    addBounded(this.#seen, id, MAX_SEEN);
    this.#host.newest?.end();
    const offsetMs = numberAt(event, "offset_ms");
    const task = new Task(id, offsetMs, this.#words, this.#host);
    if (!this.#isUserSpeaking && offsetMs - endOf(this.#words) <= MAX_AGE_MS) task.end();
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
  /** Whether the user's sentence may continue. */
  isGrowing = true;
  readonly #ended = Promise.withResolvers<void>();
  readonly #host: TaskHost;
  /** Number of answers that the server has not rejected. */
  #answers = 0;

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

  /** The sentence has ended. */
  end(): void {
    this.isGrowing = false;
    this.#ended.resolve();
  }

  async request(options: LiveRequestOptions = {}): Promise<string> {
    checkOptions("read the request", options, { ...WAIT_NAMES, timeoutMs: aNumber });
    const { signal, timeoutMs = REQUEST_TIMEOUT_MS } = options;
    const { clock } = this.#host;
    const both = AbortSignal.any(signal ? [this.signal, signal] : [this.signal]);
    try {
      await withTimeout(() => this.#ended.promise, { what: "read the request", signal: both, timeoutMs, clock });
    } catch (error) {
      // After the timeout, the words so far count.
      if (both.aborted || !(error instanceof DOMException)) throw error;
    }
    return this.transcript.filter(isOfUser).map(({ text }) => text).join(" ").replace(/\s+/g, " ").trim();
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

/** End of the user's last words; not a number if there are none. */
function endOf(words: readonly LiveDelegationWords[]): number {
  return words.findLast(isOfUser)?.endMs ?? NaN;
}

function isOfUser({ role }: Pick<LiveFragment, "role">): boolean {
  return role === "user";
}
