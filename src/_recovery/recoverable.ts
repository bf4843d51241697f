// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import type { Transport } from "../transport/transport.ts";
import type { Opening } from "./opening.ts";
import type { RecoveryEvent, RecoveryLoss, RecoveryReport } from "./recovery_events.ts";
import type { SessionGenerations } from "./session_generations.ts";

/** The part of a session that recovery needs. */
export interface RecoveryHost<Out, In> {
  /** Source of time. */
  readonly clock: Clock;
  /** Creates ids. */
  readonly makeId: IdGenerator;
  /** The connections of the session. */
  readonly generations: SessionGenerations<Out, In>;
  /** Publishes an event. */
  emit(event: RecoveryEvent): void;
}

/** The state that was restored on another connection. */
export interface Restored<Out> extends Omit<RecoveryReport, "gapMs"> {
  /** Audio of the user to send again, before everything that waits. */
  readonly again?: readonly Out[];
}

/** Behaviour that differs between the kinds of sessions. */
export interface Recoverable<Out, In extends { readonly type: string }> {
  /** The Unix time at which the server ends the session, in seconds; any other value when it is unknown. */
  expiresAt(): unknown;
  /** Whether neither side speaks and everything received was heard. */
  isQuiet(): boolean;
  /** Probes the server; rejects after `timeoutMs`. */
  probe(timeoutMs: number): Promise<unknown>;
  /** Called for each sign of life of the server: an event, or the answer to a ping. */
  onAlive?(): void;
  /** Called before the connection is abandoned. */
  onSuspend(): void;
  /** Configures another connection. */
  prepare(opening: Opening<Out, In>): Promise<void>;
  /** Restores the state of the session on another connection; resolves with the result. */
  restore(opening: Opening<Out, In>): Promise<Restored<Out>>;
  /** Called when the session continues on a connection. */
  onOpen?(transport: Transport<Out, In>): void;
  /** Restores what requires an open session, if anything; never rejects. */
  catchUp?(): Promise<Pick<RecoveryReport, "restored" | "lost">> | undefined;
  /** The loss of audio that was dropped while there was no connection, in characters of base64. */
  audioLoss(characters: number): readonly RecoveryLoss[];
}
