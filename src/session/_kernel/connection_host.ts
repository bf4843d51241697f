// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { Multicast } from "../../_internal/multicast.ts";
import type { AcceptedConfig } from "../../_recovery/accepted_config.ts";
import type { ClientEvent, SessionConfig } from "../../protocol/mod.ts";
import type { SendOptions } from "../../transport/transport.ts";
import type { ResponseHandle } from "../response_handle.ts";
import type { ResponseOrigin } from "../session_part.ts";

/** The session as its connection needs it. */
export interface ConnectionHost {
  /** Whether others control the session, too. */
  readonly isShared: boolean;
  /** Timeout of a command, in milliseconds. */
  readonly ackTimeoutMs: number;
  /** Source of time. */
  readonly clock: Clock;
  /** Creates ids. */
  readonly makeId: IdGenerator;
  /** Records every acknowledged command, before the next event is processed. */
  readonly accepted: AcceptedConfig<SessionConfig>;
  /** Receives every response that begins. */
  readonly begun: Multicast<ResponseHandle>;
  /** Whether a part consumes the audio of the conversation as it arrives. */
  readonly isAudioTaken: boolean;
  /** Called with every event that was sent. */
  sent(event: ClientEvent): void;
  /** Called with errors of sending a queued event that has no caller any more. */
  unsent(error: unknown, event: ClientEvent, options?: SendOptions): void;
  /** Called when a response has ended whose end the server does not report. */
  endUnseen(origin: ResponseOrigin): void;
  /** Called whenever something may have become idle. */
  notifyIdle(): void;
}
