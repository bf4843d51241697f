// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { ResponseRecord } from "./response_record.ts";
import { expectsAnswer, FREE_SLOT, isFree, nextSlot, type Slot, type SlotEvent } from "./response_slot.ts";

/** Holds the slot of the default conversation, and advances it when its deadline passes. */
export class SlotKeeper {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #slot: Slot<ResponseRecord> = FREE_SLOT;
  #cancelTimer: (() => void) | undefined;

  /** `onChange` is called after every change. */
  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** The current slot. */
  get slot(): Slot<ResponseRecord> {
    return this.#slot;
  }

  /** The response that occupies the slot, or has been requested for it, unless it has ended for its callers. */
  get active(): ResponseRecord | undefined {
    const record = this.#slot.busy ?? this.#slot.asked;
    return record?.isEnded ? undefined : record;
  }

  /** Whether nothing holds the slot. */
  get isFree(): boolean {
    return isFree(this.#slot);
  }

  /** Advances the slot. */
  change(event: SlotEvent<ResponseRecord>): void {
    const now = this.#clock.now();
    const slot = this.#slot = nextSlot(nextSlot(this.#slot, event), { type: "timePassed", now });
    this.#cancelTimer?.();
    this.#cancelTimer = expectsAnswer(slot)
      ? this.#clock.schedule(
        () => this.change({ type: "timePassed", now: this.#clock.now() }),
        slot.answerUntil - now,
      )
      : undefined;
    this.#onChange();
  }

  /** Frees the slot permanently: the connection has ended. */
  close(): void {
    this.#cancelTimer?.();
    this.#slot = FREE_SLOT;
  }
}
