// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { Multicast } from "../../_internal/multicast.ts";
import type { AcceptedConfig } from "../../_recovery/accepted_config.ts";
import type { ClientEvent, SessionConfig } from "../../protocol/mod.ts";
import type { SendOptions } from "../../transport/transport.ts";
import type { ResponseHandle } from "../response_handle.ts";
import type { ResponseOrigin } from "../session_part.ts";

/** What a connection needs of its session. */
export interface ConnectionHost {
  /** Whether others steer the session, too. */
  readonly isShared: boolean;
  /** How long a command waits for its answer, in milliseconds. */
  readonly ackTimeoutMs: number;
  /** Source of time. */
  readonly clock: Clock;
  /** Makes ids. */
  readonly makeId: IdGenerator;
  /** Takes in every command that the server has answered, before the next event is processed. */
  readonly accepted: AcceptedConfig<SessionConfig>;
  /** Takes in every response that begins. */
  readonly begun: Multicast<ResponseHandle>;
  /** Whether a part takes the audio of the conversation as it comes. */
  readonly isAudioTaken: boolean;
  /** Takes in every event that was sent. */
  sent(event: ClientEvent): void;
  /** Takes in what goes wrong when an event is sent that had to wait for its turn, and has no caller any more. */
  unsent(error: unknown, event: ClientEvent, options: SendOptions): void;
  /** Called when a response has ended of whose end the server does not tell. */
  endUnseen(origin: ResponseOrigin): void;
  /** Called whenever something may have become idle. */
  notifyIdle(): void;
}
