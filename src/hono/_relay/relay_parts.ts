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
import type { InOwnRequest } from "./own_request.ts";
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
  /** Whether a session had started. */
  readonly hasStarted: boolean;
}

/** Context of a decision about a tool call. */
interface ApprovalContext {
  readonly signal: AbortSignal;
  readonly relay: RelayHandle;
}

/** Options of a {@linkcode Relay}. */
export interface RelayParts {
  /** The caller. */
  readonly caller: string | undefined;
  /** Source of time. */
  readonly clock: Clock;
  /** Opens the socket to the API. */
  readonly dial: (signal: AbortSignal) => Promise<Socket>;
  /** Decides which events pass. */
  readonly filter: RelayFilter;
  /** Parses the frames of the page. */
  readonly frames: ClientFrames;
  /** Runs actions on its connections that another request may have asked for. */
  readonly inOwnRequest: InOwnRequest;
  /** Its limits. */
  readonly limits: Limits;
  /** Meters its usage. */
  readonly meter: Meter;
  /** Reports failures. */
  readonly onError: (error: unknown) => void;
  /** Called when the policy is in force. */
  readonly onStart: (handle: RelayHandle) => void;
  /** Called once, at the end. */
  readonly onEnd: (end: RelayEnd) => void;
  /** The page's socket. */
  readonly page: PageSocket;
  /** Creates the start of the session, which applies the settings. */
  readonly startOf: (tools: RelayTools) => SessionStart;
  /** The protocol of its API. */
  readonly protocol: RelayProtocol;
  /** The quota of the caller. */
  readonly quota: SpendingQuota;
  /** Removes the key from frames for the page. */
  readonly strip: StripSecrets;
  /** Its times, in milliseconds. */
  readonly times: {
    readonly heartbeatMs: number;
    readonly idleMs: number;
    readonly maxDurationMs: number | undefined;
    readonly resumeMs: number;
    /** Time until the policy must be in force. */
    readonly timeoutMs: number;
  };
  /** Tools that run on the server. */
  readonly tools: readonly RealtimeTool[];
  /** Decides about calls of tools that need approval, on this relay. */
  readonly approve: ((call: ToolCallDetails, context: ApprovalContext) => boolean | Promise<boolean>) | undefined;
  /** Names of the functions that the page executes, from the policy. */
  readonly pageFunctions: readonly string[];
  /** Maximum number of consecutive responses requested for the outputs of tools. */
  readonly toolRounds: number;
  /** Whether the page answers `relay.ping`. */
  readonly answersPings: boolean;
}
