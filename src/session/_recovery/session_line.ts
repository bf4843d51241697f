// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import { toWireEvent } from "../../_internal/wire.ts";
import type { Opening } from "../../_recovery/opening.ts";
import type { Recoverable, Restored } from "../../_recovery/recoverable.ts";
import { Recovery } from "../../_recovery/recovery.ts";
import type { RecoveryLoss } from "../../_recovery/recovery_events.ts";
import type { RecoveryPartOptions } from "../../_recovery/recovery_options.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import type { IncomingEvent, Transport } from "../../transport/transport.ts";
import type { InstalledPart, SessionHost } from "../session_part.ts";
import { msPerCharacter } from "../_parts/audio_length.ts";
import { CatchUp } from "./catch_up.ts";
import { LossLedger } from "./loss_ledger.ts";
import { replayInto } from "./replay_into.ts";

/**
 * Adapts a Realtime session, conversation or transcription, to its recovery, and is the part that notifies the
 * recovery. Every session has one, so it is a class: closures take more memory.
 */
export class SessionLine extends LossLedger implements InstalledPart, Recoverable<ClientEvent, IncomingEvent> {
  readonly before: InstalledPart["before"];
  readonly on: InstalledPart["on"];
  readonly #host: SessionHost;
  readonly #options: RecoveryPartOptions;
  readonly #recovery: Recovery<ClientEvent, IncomingEvent>;
  /** The continuation of a call meanwhile; of a new session, nothing is missed. */
  readonly #missed: CatchUp | undefined;

  constructor(host: SessionHost, options: RecoveryPartOptions) {
    const { newSession = !host.isShared, wallNow = Date.now } = options;
    super(wallNow, host.config);
    host.generations.startsAnew = newSession;
    const missed = newSession ? undefined : new CatchUp(host, this);
    this.#host = host;
    this.#options = options;
    this.#missed = missed;
    this.before = { "*": (event) => this.receive(event, host) };
    this.on = missed && { "*": (event) => missed.receive(event) };
    this.#recovery = new Recovery(host, this, options);
  }

  onReceived(event: IncomingEvent): void {
    this.#recovery.receive(toWireEvent(event));
  }

  onSent(event: ClientEvent): void {
    this.input.send(event, this.#host.config);
  }

  close(): void {
    this.#recovery.close();
  }

  expiresAt(): unknown {
    return this.#host.config?.expires_at;
  }

  isQuiet(): boolean {
    const { clock, config, transcripts } = this.#host;
    return transcripts.missing.length === 0 && this.isSilent(config, clock.now());
  }

  probe(timeoutMs: number): Promise<unknown> {
    return this.#host.update({}, { timeoutMs });
  }

  onAlive(): void {
    this.input.hear(this.#host);
  }

  onSuspend(): void {
    this.untranscribed = this.#host.transcripts.missing;
    this.#missed?.suspend();
  }

  /** The client that opened the call has configured it. */
  async prepare(opening: Opening<ClientEvent, IncomingEvent>): Promise<void> {
    if (!this.#missed) await opening.configure(this.#host.accepted.value);
  }

  async restore(opening: Opening<ClientEvent, IncomingEvent>): Promise<Restored<ClientEvent>> {
    if (!this.#missed) return await replayInto(opening, this.#host, this, this.#options.replay ?? {});
    return { restored: [], lost: this.takeResponses(), replayedTokens: 0 };
  }

  onOpen(transport: Transport): void {
    callListener(() => this.#options.onOpen?.(transport), (error) => this.#host.report(error, "recovery.onOpen"));
  }

  catchUp(): ReturnType<CatchUp["run"]> | undefined {
    return this.#missed?.run();
  }

  audioLoss(characters: number): readonly RecoveryLoss[] {
    return this.audioLossOf(characters * msPerCharacter(this.#host.config, "input"));
  }
}
