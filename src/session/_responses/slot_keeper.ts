// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { ResponseRecord } from "./response_record.ts";
import { freeSlot, nextSlot, type Slot, type SlotEvent } from "./response_slot.ts";

/** Keeps the slot of the default conversation, and moves it on when its deadline passes. */
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

  /** The slot at this moment. */
  get slot(): Slot<ResponseRecord> {
    return this.#slot;
  }

  /** The response that the server makes in the slot. */
  get busy(): ResponseRecord | undefined {
    return this.#slot.kind === "busy" ? this.#slot.response : undefined;
  }

  /** The response that has the slot, or has been requested for it, unless it has ended for those who hold it. */
  get active(): ResponseRecord | undefined {
    const { kind } = this.#slot;
    const record = kind === "busy" || kind === "asked" ? this.#slot.response : undefined;
    return record?.isEnded ? undefined : record;
  }

  /** Whether nothing holds the slot. */
  get isFree(): boolean {
    return this.#slot.kind === "free";
  }

  /** Gives a free slot to a request that is about to be sent. */
  take(response: ResponseRecord): void {
    this.#slot = nextSlot(this.#slot, { type: "asked", response });
  }

  /** Moves the slot on. */
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

  /** Frees the slot for good: the connection has ended. */
  close(): void {
    this.#cancelTimer?.();
    this.#slot = freeSlot();
  }
}
