import { toBytes } from "../../../src/audio/mod.ts";
import type { RealtimeSession } from "../../../src/protocol/mod.ts";
import type { ResponseHandle, Session } from "../../../src/session/mod.ts";
import type { Fault } from "../../../src/simulator/faults.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { silence, tone } from "../../simulator/_sound.ts";

/** Returns integers from 0 to below `end`. */
export type Below = (end: number) => number;

/** Notes a promise, which must settle. */
export type Watch = (name: string, promise: Promise<unknown>) => void;

/** Faults after which client and server still have the same state. */
export const HARMLESS: readonly Fault[] = [
  { type: "reorder" },
  { type: "slow", msPerFrame: 5 },
  { type: "stall", ms: 700 },
  // Events that may be repeated at the end.
  { type: "duplicate", at: "response.done" },
  { type: "duplicate", at: "response.output_item.done" },
  { type: "duplicate", at: "conversation.item.done" },
  { type: "duplicate", at: "conversation.item.input_audio_transcription.completed" },
  { type: "duplicate", at: "response.output_audio_transcript.done" },
  { type: "binary", times: 5 },
  { type: "unknown_event" },
  { type: "error_storm", count: 3 },
  { type: "rate_limit" },
  { type: "rate_limit", refuses: true },
  { type: "garbage" },
  { type: "garbage", frame: '{"type":"response.created"', at: "response.created" },
  { type: "huge", characters: 10_000 },
];

/** Faults that make the server omit events that other servers do not send either. */
export const LOSING: readonly Fault[] = [
  { type: "truncate", at: "session.updated" },
  { type: "truncate", at: "conversation.item.added" },
  { type: "truncate", at: "input_audio_buffer.committed" },
  { type: "truncate", at: "response.output_item.added" },
  { type: "truncate", at: "response.output_item.done" },
  { type: "truncate", at: "response.output_audio_transcript.done" },
];

/** Faults after which nothing more arrives. */
export const ENDING: readonly Fault[] = [
  { type: "drop" },
  { type: "drop", code: 1011, at: "response.done" },
  { type: "drop", afterMs: 300, at: "response.output_audio.delta" },
  { type: "silence" },
  { type: "silence", at: "response.created" },
  { type: "expire" },
];

const SPEECH = toBytes(tone(200));
const PAUSE = toBytes(silence(600));

/** Lets the user say something. */
function speak(session: Session): void {
  session.appendAudio(SPEECH);
  session.appendAudio(PAUSE);
}

/** One of the values, if there are any. */
export function pick<T>(values: readonly T[], below: Below): T | undefined {
  return values[below(Math.max(1, values.length))];
}

/** Types of the events that each action may send. */
const SENDS: Readonly<Record<string, string>> = {
  sendMessage: "conversation.item.create",
  ask: "conversation.item.create response.create",
  respond: "response.create",
  "respond once more": "response.create",
  "respond beside": "response.create",
  "respond hastily": "response.create response.cancel",
  "respond and read": "response.create response.create",
  "respond and stream": "response.create",
  "respond and cancel": "response.create response.cancel",
  "respond and abort": "response.create response.cancel",
  "cancel one": "response.cancel",
  // It also withdraws follow-ups of tools.
  cancel: "response.cancel response.cancel",
  deleteItem: "conversation.item.delete",
  truncateItem: "conversation.item.truncate",
  retrieveItem: "conversation.item.retrieve",
  update: "session.update",
  "update hastily": "session.update",
  "update and abort": "session.update",
  "update by hand": "session.update",
  setTools: "session.update",
  speak: "input_audio_buffer.append input_audio_buffer.append",
  "speak and commit": "input_audio_buffer.append input_audio_buffer.append input_audio_buffer.commit",
  clearAudio: "input_audio_buffer.clear",
  "begin to read": "",
};

/** A client that performs random actions; `act` performs one. */
export class RandomClient {
  /** Whether it may have given up a response that the server creates nevertheless. */
  isHasty = false;
  /** Number of client events of each type allowed by the actions. */
  readonly requested = new Map<string, number>();
  /** Answers that belonged to another command. */
  readonly mistakes: string[] = [];
  readonly #session: Session;
  readonly #below: Below;
  readonly #watch: Watch;
  readonly #handles: ResponseHandle[] = [];

  constructor(session: Session, below: Below, watch: Watch) {
    this.#session = session;
    this.#below = below;
    this.#watch = watch;
  }

  /** Performs one action. Throws when an event cannot be sent any more. */
  act(): void {
    const actions = this.#actions();
    const name = pick(Object.keys(actions), this.#below)!;
    for (const type of SENDS[name]!.split(" ")) this.request(type);
    const promise = actions[name]!();
    if (promise instanceof Promise) this.#watch(name, promise);
  }

  /** Records an action that sends an event of this type. */
  request(type: string): void {
    this.requested.set(type, (this.requested.get(type) ?? 0) + 1);
  }

  #respond(...args: Parameters<Session["respond"]>): ResponseHandle {
    const handle = this.#session.respond(...args);
    this.#handles.push(handle);
    return handle;
  }

  async #update(instructions: string): Promise<void> {
    const { instructions: answer } = await this.#session.update({ instructions }) as RealtimeSession;
    if (answer !== instructions) this.mistakes.push(`${answer} instead of ${instructions}`);
  }

  #actions(): Readonly<Record<string, () => unknown>> {
    const session = this.#session;
    const below = this.#below;
    const itemId = pick(session.conversation.getSnapshot(), below)?.id ?? "item_of_nobody";
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = <T>(value: T): T => {
      controller.abort();
      return value;
    };
    return {
      sendMessage: () => session.sendMessage("Hello"),
      ask: () => session.ask("Hello"),
      respond: () => this.#respond().done,
      "respond once more": () => this.#respond().done,
      "respond beside": () => this.#respond({ conversation: "none", input: [] }).done,
      "respond hastily": () => {
        this.isHasty = true;
        return this.#respond({}, { timeoutMs: below(100) }).done;
      },
      "respond and read": () => Promise.allSettled([this.#respond().text(), this.#respond().audio()]),
      "respond and stream": () => Array.fromAsync(this.#respond().transcriptStream()),
      "respond and cancel": () => this.#respond().cancel(),
      "respond and abort": () => aborted(this.#respond({}, { signal }).done),
      "cancel one": () => pick(this.#handles, below)?.cancel(),
      cancel: () => session.cancel(),
      deleteItem: () => session.deleteItem(itemId),
      truncateItem: () => session.truncateItem(itemId, below(60)),
      retrieveItem: () => session.retrieveItem(itemId),
      update: () => this.#update(`Number ${below(99)}`),
      "update hastily": () => session.update({ instructions: "Hurry" }, { timeoutMs: below(100) }),
      "update and abort": () => aborted(session.update({ instructions: "No" }, { signal })),
      "update by hand": () => session.send({ type: "session.update", session: { type: "realtime" } }),
      setTools: () => session.setTools([defineTool({ name: "fast", run: () => `${below(9)}` })]),
      speak: () => speak(session),
      "speak and commit": () => {
        speak(session);
        return session.commitAudio();
      },
      clearAudio: () => session.clearAudio(),
      "begin to read": () => session.events(),
    };
  }
}
