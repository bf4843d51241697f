import type { Clock } from "../../_internal/clock.ts";
import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { ToolCallDetails } from "../../session/mod.ts";
import type { RealtimeTool } from "../../tools/mod.ts";
import type { Socket } from "../../transport/mod.ts";
import type { Limits } from "../_app/settings.ts";
import type { Meter } from "../_quotas/usage_meter.ts";
import type { RelayEndReason, RelayHandle, SessionUsage } from "../edge_event.ts";
import type { RelayFilter } from "../relay_filter.ts";
import type { ClientFrames } from "./client_frames.ts";
import type { PageSocket } from "./page_socket.ts";
import type { RelayProtocol } from "./relay_protocol.ts";
import type { SessionStart } from "./policy_start.ts";
import type { RelayTools } from "./relay_tools.ts";
import type { SpendingQuota } from "./response_quota.ts";

/** How a relay ended. */
export interface RelayEnd {
  readonly reason: RelayEndReason;
  readonly code: number;
  readonly durationMs: number;
  readonly usage: SessionUsage;
  /** Whether a session had begun. */
  readonly hasStarted: boolean;
}

/** What is known to those who decide about a call of a tool. */
interface ApprovalContext {
  readonly signal: AbortSignal;
  readonly relay: RelayHandle;
}

/** What a relay is made of. */
export interface RelayParts {
  /** Whose it is. */
  readonly caller: string | undefined;
  /** Source of time. */
  readonly clock: Clock;
  /** Opens the socket to the API. */
  readonly dial: (signal: AbortSignal) => Promise<Socket>;
  /** What passes. */
  readonly filter: RelayFilter;
  /** Reads what the page sends. */
  readonly frames: ClientFrames;
  /** Its bounds. */
  readonly limits: Limits;
  /** Counts what it uses. */
  readonly meter: Meter;
  /** Is told of what fails. */
  readonly onError: (error: unknown) => void;
  /** Is told that the policy is in force. */
  readonly onStart: (handle: RelayHandle) => void;
  /** Is told of the end, once. */
  readonly onEnd: (end: RelayEnd) => void;
  /** The side of the page. */
  readonly page: PageSocket;
  /** Puts the settings of the session in force first. */
  readonly startOf: (tools: RelayTools) => SessionStart;
  /** The API that the session is of. */
  readonly protocol: RelayProtocol;
  /** What the caller may spend. */
  readonly quota: SpendingQuota;
  /** Takes the key out of what the page gets. */
  readonly strip: StripSecrets;
  /** Its times, in milliseconds. */
  readonly times: {
    readonly heartbeatMs: number;
    readonly idleMs: number;
    readonly maxDurationMs: number | undefined;
    readonly resumeMs: number;
    /** How long it may take until the policy is in force. */
    readonly timeoutMs: number;
  };
  /** Tools that run here. */
  readonly tools: readonly RealtimeTool[];
  /** Decides about calls of tools that need approval, on this relay. */
  readonly approve: ((call: ToolCallDetails, context: ApprovalContext) => boolean | Promise<boolean>) | undefined;
  /** Names of the functions that the page carries out, as the policy describes them. */
  readonly pageFunctions: readonly string[];
  /** How many responses in a row are requested for what tools give. */
  readonly toolRounds: number;
  /** Whether the page answers `relay.ping`. */
  readonly answersPings: boolean;
}
