// This module is browser compatible.

/**
 * The reason why no response is active: nothing happens, the user speaks, or the server may be about to answer a turn.
 */
export type Waiting =
  | { readonly kind: "free" }
  | { readonly kind: "userSpeaks" }
  | { readonly kind: "serverMayAnswer"; readonly deadline: number };

/** A request was sent, and the server has not created its response yet. */
export interface Asked<R> {
  readonly kind: "asked";
  readonly response: R;
  /** The next state when the request fails. */
  readonly next: Waiting;
}

/** The server generates a response. */
export interface Busy<R> {
  readonly kind: "busy";
  readonly response: R;
  /** The next state when the response has ended. */
  readonly next: Waiting | Asked<R>;
}

/**
 * The slot of the default conversation, in which the server generates one response at a time. `R` identifies a
 * response.
 */
export type Slot<R> = Waiting | Asked<R> | Busy<R>;

/** An event that changes a slot. Deadlines are times of the session's clock, in milliseconds. */
export type SlotEvent<R> =
  /** The user started to speak, and the server is going to answer. */
  | { readonly type: "speechStarted" }
  /** The user stopped speaking; the server's answer begins before the deadline, or not at all. */
  | { readonly type: "speechStopped"; readonly deadline: number }
  /** A turn of the user became an item, which the server answers before the deadline, or not at all. */
  | { readonly type: "turnCommitted"; readonly deadline: number }
  /** The user's audio was discarded. */
  | { readonly type: "audioCleared" }
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

const FREE: Waiting = { kind: "free" };
const USER_SPEAKS: Waiting = { kind: "userSpeaks" };

/** A slot that nothing holds. */
export function freeSlot<R>(): Slot<R> {
  return FREE;
}

/** The slot after an event. Pure. */
export function nextSlot<R>(slot: Slot<R>, event: SlotEvent<R>): Slot<R> {
  switch (event.type) {
    case "speechStarted":
      return withWaiting(slot, USER_SPEAKS);
    case "speechStopped":
      return waitingOf(slot).kind === "userSpeaks" ? withWaiting(slot, mayAnswer(event.deadline)) : slot;
    case "turnCommitted":
      // While it generates a response, the server starts no other.
      return withWaiting(slot, slot.kind === "busy" ? FREE : mayAnswer(event.deadline));
    case "audioCleared":
      return waitingOf(slot).kind === "userSpeaks" ? withWaiting(slot, FREE) : slot;
    case "asked":
      return slot.kind === "free" ? { kind: "asked", response: event.response, next: slot } : slot;
    case "began":
      return { kind: "busy", response: event.response, next: afterBegin(slot, event.response, event.startedByServer) };
    case "ended":
      return without(slot, event.response);
    case "wasTaken": {
      const rest = without(slot, event.response);
      return rest.kind === "free" ? mayAnswer(event.deadline) : rest;
    }
    case "timePassed": {
      const waiting = waitingOf(slot);
      const isOver = waiting.kind === "serverMayAnswer" && event.now >= waiting.deadline;
      return isOver ? withWaiting(slot, FREE) : slot;
    }
  }
}

/** Whether a committed turn of the user is unanswered: the next response may be the server's answer. */
export function expectsAnswer<R>(slot: Slot<R>): boolean {
  return waitingOf(slot).kind === "serverMayAnswer";
}

/** Whether the server may start a response that was not requested. */
export function awaitsServer<R>(slot: Slot<R>): boolean {
  return slot.kind !== "busy" && waitingOf(slot).kind !== "free";
}

function mayAnswer(deadline: number): Waiting {
  return { kind: "serverMayAnswer", deadline };
}

/** The waiting state beneath the responses that occupy a slot. */
function waitingOf<R>(slot: Slot<R>): Waiting {
  return slot.kind === "asked" || slot.kind === "busy" ? waitingOf(slot.next) : slot;
}

function withWaiting<R, S extends Slot<R>>(slot: S, waiting: Waiting): S | Waiting {
  return slot.kind === "asked" || slot.kind === "busy" ? { ...slot, next: withWaiting(slot.next, waiting) } : waiting;
}

/** The next state after a response that begins now. */
function afterBegin<R>(slot: Slot<R>, response: R, startedByServer: boolean): Waiting | Asked<R> {
  const rest = slot.kind === "busy" ? slot.next : slot;
  const { kind } = waitingOf(rest);
  // The server answers a turn once, and starts no answer of its own while the user speaks.
  const isAnswered = kind === "serverMayAnswer" || kind === "userSpeaks" && startedByServer;
  const settled = isAnswered ? withWaiting(rest, FREE) : rest;
  return settled.kind === "asked" && settled.response === response ? settled.next : settled;
}

function without<R, S extends Slot<R>>(slot: S, response: R): Slot<R> {
  if (slot.kind !== "asked" && slot.kind !== "busy") return slot;
  if (slot.response === response) return slot.next;
  return slot.kind === "busy" ? { ...slot, next: without(slot.next, response) as Waiting | Asked<R> } : slot;
}
