// This module is browser compatible.
import type { PlayoutItem, PlayoutState, PlayoutTruncation } from "../playout_tracker.ts";

/** Differences in milliseconds that come from rounding alone. */
export const ROUNDING_MS = 1e-6;

/** The audio of one item, in any state. */
export interface PlayoutRecord {
  readonly itemId: string;
  readonly responseId: string;
  readonly contentIndex: number;
  /** Whether the item is part of the default conversation, where it can be truncated. */
  inConversation: boolean;
  receivedMs: number;
  playedMs: number;
  state: PlayoutState;
  /** Whether all of its audio has arrived. */
  complete: boolean;
  /** Whether the server has finished the item. */
  ended: boolean;
  /** Whether it has expired: it should have been heard by now, but no report has confirmed it. */
  expired: boolean;
  /** Time at which it was cut. */
  cutAt: number;
  /** Words that had arrived when it was cut, corresponding to its audio until then. */
  textAtCut: string;
  /** Position of the last truncation requested from the server, in whole milliseconds; `Infinity` for none. */
  truncatedMs: number;
}

/** Initial values of a record. */
export const FRESH = {
  receivedMs: 0,
  playedMs: 0,
  complete: false,
  ended: false,
  expired: false,
  cutAt: -Infinity,
  textAtCut: "",
  truncatedMs: Infinity,
} as const;

/** Fields that identify a record. */
export type PlayoutPlace = Pick<PlayoutRecord, "itemId" | "responseId" | "contentIndex" | "inConversation">;

/** The truncation on the server of a record that was cut. */
export function toTruncation(record: PlayoutRecord): PlayoutTruncation {
  const { itemId, responseId, contentIndex, state } = record;
  const heardMs = toWhole(record.playedMs);
  const action = state === "truncated" ? "truncate" : state === "gone" ? "delete" : "discard";
  return { itemId, responseId, contentIndex, heardMs, receivedMs: toWhole(record.receivedMs), action };
}

/** Whole milliseconds, as required on the wire. */
export function toWhole(ms: number): number {
  return Math.floor(ms + ROUNDING_MS);
}

/** Whether nothing of an item is, or will be, left to hear. */
export function isOver({ complete, expired, playedMs, receivedMs, state }: PlayoutRecord): boolean {
  return state !== "playing" || (complete && (expired || playedMs + ROUNDING_MS >= receivedMs));
}

/** Whether any of its audio was meant to be heard. */
export function hasSounded({ state, receivedMs }: PlayoutRecord): boolean {
  return state === "playing" || receivedMs > 0;
}

/** The public view of a record. */
export function toItem(record: PlayoutRecord): PlayoutItem {
  const { itemId, responseId, contentIndex, receivedMs, playedMs, complete, state } = record;
  return { itemId, responseId, contentIndex, receivedMs, heardMs: playedMs, complete, state, cut: state !== "playing" };
}
