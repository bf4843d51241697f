// This module is browser compatible.
import type { PlayoutItem, PlayoutState, PlayoutTruncation } from "../playout_tracker.ts";

/** Differences in milliseconds that come from rounding alone. */
export const ROUNDING_MS = 1e-6;

/** The audio of one item, wherever it is in its life. */
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
  /** Whether it was given up: it should have been heard by now, and no report has confirmed it. */
  expired: boolean;
  /** When it was cut. */
  cutAt: number;
  /** Where the server was last asked to truncate it, in whole milliseconds. */
  truncatedMs: number | undefined;
}

/** A record to begin with. */
export const FRESH = {
  receivedMs: 0,
  playedMs: 0,
  complete: false,
  ended: false,
  expired: false,
  cutAt: -Infinity,
  truncatedMs: undefined,
} as const;

/** Fields that identify a record. */
export type PlayoutPlace = Pick<PlayoutRecord, "itemId" | "responseId" | "contentIndex" | "inConversation">;

/** How a record that was cut is cut on the server. */
export function toTruncation(record: PlayoutRecord): PlayoutTruncation {
  const { itemId, responseId, contentIndex, state } = record;
  const heardMs = toWhole(record.playedMs);
  const action = state === "truncated" ? "truncate" : state === "gone" ? "delete" : "discard";
  return { itemId, responseId, contentIndex, heardMs, receivedMs: toWhole(record.receivedMs), action };
}

/** Whole milliseconds, as the wire wants them. */
export function toWhole(ms: number): number {
  return Math.floor(ms + ROUNDING_MS);
}

/** Whether nothing of an item is, or will be, left to hear. */
export function isOver({ complete, expired, playedMs, receivedMs, state }: PlayoutRecord): boolean {
  return state !== "playing" || (complete && (expired || playedMs + ROUNDING_MS >= receivedMs));
}

/** Whether any of its audio was to be heard. */
export function hasSounded({ state, receivedMs }: PlayoutRecord): boolean {
  return state === "playing" || receivedMs > 0;
}

/** A record as the outside sees it. */
export function toItem(record: PlayoutRecord): PlayoutItem {
  const { itemId, responseId, contentIndex, receivedMs, playedMs, complete, state } = record;
  return { itemId, responseId, contentIndex, receivedMs, heardMs: playedMs, complete, state, cut: state !== "playing" };
}
