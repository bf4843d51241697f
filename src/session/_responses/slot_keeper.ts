// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { ResponseRecord } from "./response_record.ts";
import { freeSlot, nextSlot, type Slot, type SlotEvent } from "./response_slot.ts";

/** Holds the slot of the default conversation, and advances it when its deadline passes. */
export class SlotKeeper {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #slot: Slot<ResponseRecord> = freeSlot();
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

  /** The response that the server generates in the slot. */
  get busy(): ResponseRecord | undefined {
    return this.#slot.kind === "busy" ? this.#slot.response : undefined;
  }

  /** The response that occupies the slot, or has been requested for it, unless it has ended for its callers. */
  get active(): ResponseRecord | undefined {
    const { kind } = this.#slot;
    const record = kind === "busy" || kind === "asked" ? this.#slot.response : undefined;
    return record?.isEnded ? undefined : record;
  }

  /** Whether the slot is free. */
  get isFree(): boolean {
    return this.#slot.kind === "free";
  }

  /** Advances the slot. */
  change(event: SlotEvent<ResponseRecord>): void {
    const now = this.#clock.now();
    this.#slot = nextSlot(nextSlot(this.#slot, event), { type: "timePassed", now });
    this.#cancelTimer?.();
    this.#cancelTimer = this.#slot.kind === "serverMayAnswer"
      ? this.#clock.schedule(
        () => this.change({ type: "timePassed", now: this.#clock.now() }),
        this.#slot.deadline - now,
      )
      : undefined;
    this.#onChange();
  }

  /** Frees the slot permanently: the connection has ended. */
  close(): void {
    this.#cancelTimer?.();
    this.#slot = freeSlot();
  }
}
