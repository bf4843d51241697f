// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { Multicast } from "../../_internal/multicast.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import type { ResponseHandle } from "../response_handle.ts";
import type { ResponseOrigin } from "../session_part.ts";
import type { AcceptedConfig } from "./accepted_config.ts";

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
  readonly accepted: AcceptedConfig;
  /** Takes in every response that begins. */
  readonly begun: Multicast<ResponseHandle>;
  /** Whether a part takes the audio of the conversation as it comes. */
  readonly isAudioTaken: boolean;
  /** Takes in every event that was sent. */
  sent(event: ClientEvent): void;
  /** Takes in what goes wrong of which no caller learns; `context` says where. */
  report(error: unknown, context: string): void;
  /** Called when a response has ended of whose end the server does not tell. */
  endUnseen(origin: ResponseOrigin): void;
  /** Called whenever something may have become idle. */
  notifyIdle(): void;
}
