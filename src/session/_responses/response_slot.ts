// This module is browser compatible.

/**
 * The slot of the default conversation, in which the server generates one response at a time. `R` identifies a
 * response.
 */
export interface Slot<R> {
  /** The response that the server generates. */
  readonly busy?: R | undefined;
  /** The response that was requested, and that the server has not created yet. */
  readonly asked?: R | undefined;
  /**
   * Time until which the server may start a response that was not requested: `Infinity` while the user speaks, 0 when
   * no turn is unanswered.
   */
  readonly answerUntil: number;
}

/** An event that changes a slot. Times are those of the session's clock, in milliseconds. */
export type SlotEvent<R> =
  /** The user started to speak, and the server is going to answer. */
  | { readonly type: "speechStarted" }
  /**
   * The user stopped speaking; the server's answer begins before the deadline, or not at all: 0 when the audio was
   * discarded.
   */
  | { readonly type: "speechStopped"; readonly deadline: number }
  /** A turn of the user became an item, which the server answers before the deadline, or not at all. */
  | { readonly type: "turnCommitted"; readonly deadline: number }
  /** A request was sent. Only a free slot accepts one. */
  | { readonly type: "asked"; readonly response: R }
  /** The server created a response: ours, or one that it started itself. */
  | { readonly type: "began"; readonly response: R; readonly startedByServer: boolean }
  /** A response ended, or a request was rejected or timed out. */
  | { readonly type: "ended"; readonly response: R }
  /**
   * A request was rejected because of an unknown response, which either becomes known before the deadline or has ended.
   */
  | { readonly type: "wasTaken"; readonly response: R; readonly deadline: number }
  /** Time has passed. */
  | { readonly type: "timePassed"; readonly now: number };

/** A slot that nothing holds. */
export const FREE_SLOT: Slot<never> = { answerUntil: 0 };

/** The slot after an event. Pure. */
export function nextSlot<R>(slot: Slot<R>, event: SlotEvent<R>): Slot<R> {
  const { answerUntil } = slot;
  const isSpeaking = answerUntil === Infinity;
  switch (event.type) {
    case "speechStarted":
      return { ...slot, answerUntil: Infinity };
    case "speechStopped":
      return isSpeaking ? { ...slot, answerUntil: event.deadline } : slot;
    case "turnCommitted":
      // While it generates a response, the server starts no other.
      return { ...slot, answerUntil: slot.busy ? 0 : event.deadline };
    case "asked":
      return isFree(slot) ? { ...slot, asked: event.response } : slot;
    case "began": {
      // The server answers a turn once, and starts no answer of its own while the user speaks.
      const isAnswer = event.startedByServer || !isSpeaking;
      return { ...without(slot, event.response), busy: event.response, answerUntil: isAnswer ? 0 : answerUntil };
    }
    case "ended":
      return without(slot, event.response);
    case "wasTaken": {
      const rest = without(slot, event.response);
      return isFree(rest) ? { answerUntil: event.deadline } : rest;
    }
    case "timePassed":
      return event.now >= answerUntil ? { ...slot, answerUntil: 0 } : slot;
  }
}

/** Whether nothing holds the slot. */
export function isFree<R>({ busy, asked, answerUntil }: Slot<R>): boolean {
  return !busy && !asked && answerUntil === 0;
}

/** Whether a committed turn of the user is unanswered: the next response may be the server's answer. */
export function expectsAnswer<R>({ answerUntil }: Slot<R>): boolean {
  return answerUntil > 0 && answerUntil < Infinity;
}

/** Whether the server may start a response that was not requested. */
export function awaitsServer<R>({ busy, answerUntil }: Slot<R>): boolean {
  return !busy && answerUntil > 0;
}

function without<R>(slot: Slot<R>, response: R): Slot<R> {
  if (slot.busy === response) return { ...slot, busy: undefined };
  return slot.asked === response ? { ...slot, asked: undefined } : slot;
}
