// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import type { Transport } from "../transport/transport.ts";
import type { Opening } from "./opening.ts";
import type { RecoveryEvent, RecoveryLoss, RecoveryReport } from "./recovery_events.ts";
import type { SessionGenerations } from "./session_generations.ts";

/** What recovery needs of every session. */
export interface RecoveryHost<Out, In> {
  /** Source of time. */
  readonly clock: Clock;
  /** Makes ids. */
  readonly makeId: IdGenerator;
  /** The connections of the session. */
  readonly generations: SessionGenerations<Out, In>;
  /** Publishes an event. */
  emit(event: RecoveryEvent): void;
}

/** What the kinds of sessions do differently. */
export interface Recoverable<Out, In extends { readonly type: string }> {
  /** Whether another connection can take over before this one ends. */
  readonly isRenewable: boolean;
  /** The Unix time at which the server ends the session, in seconds; anything else when it is not known. */
  expiresAt(): unknown;
  /** Whether neither side speaks and everything received was heard. */
  isQuiet(): boolean;
  /** Makes the server answer; rejects after `timeoutMs`. */
  probe(timeoutMs: number): Promise<unknown>;
  /** Called before the connection is given up. */
  onSuspend(): void;
  /** Configures another connection. */
  prepare(opening: Opening<Out, In>): Promise<void>;
  /** Gives another connection what the session knows; resolves with what came of it. */
  restore(opening: Opening<Out, In>): Promise<Omit<RecoveryReport, "gapMs">>;
  /** Called when the session goes on with a connection. */
  onOpen?(transport: Transport<Out, In>): void;
  /** Brings back what only the open session can, if anything; never rejects. */
  catchUp?(): Promise<Pick<RecoveryReport, "restored" | "lost">> | undefined;
  /** The loss of audio that did not fit while there was no connection, in characters of base64. */
  audioLoss(characters: number): readonly RecoveryLoss[];
}
