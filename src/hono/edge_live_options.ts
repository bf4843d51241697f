import type { LiveSession } from "../live/mod.ts";
import type { LiveMediaSessionConfig, LiveSessionConfig } from "../protocol/mod.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import type { EdgeLiveCall } from "./edge_live_call.ts";
import type { AnnouncedCall, IncomingCallDecision } from "./incoming_call.ts";
import type { LiveOverridableField } from "./live_overridable_field.ts";
import type { RealtimeContext } from "./realtime_env.ts";
import type { RelayFilter } from "./relay_filter.ts";

/**
 * Sessions of the Live API: `POST /live/sessions` for pages with WebRTC, `GET /live/relay` for pages with a WebSocket,
 * and telephones. Keys, origins, limits, quotas, events and the store are those of the app. A silent page sends
 * silence, which counts as frames and events: limit its session by `limits.maxDurationMs` rather than by `idleMs`.
 *
 * @category Edge app
 */
export interface EdgeLiveOptions<Bindings extends object = object> {
  /**
   * The policy: the settings of this caller's session. `client.data_channel` specifies the events allowed on a page's
   * data channel; by default, a page may mute itself and hang up, and receives transcripts, but no settings.
   * `audio.format` applies to the relay. The app sets `safety_identifier`.
   */
  session: LiveSessionConfig | ((c: RealtimeContext<Bindings>) => LiveSessionConfig | Promise<LiveSessionConfig>);
  /**
   * Paths of the settings that the page may change: in the body's `session`, in the relay's `session.start` and, where
   * the API allows later changes, in `session.update`. All others are rejected.
   *
   * @default {[]}
   */
  clientMayOverride?: readonly LiveOverridableField[] | undefined;
  /**
   * Tools that run on this server for each relay, called by the backend of a `responses` delegation. Neither the tools
   * nor their calls are visible to pages. The policy need not list them; `onToolApproval` of the app decides about
   * calls that need approval. For a WebRTC session, use `onCall` and `attach()`.
   */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * Called with each session of a page or telephone that has begun; it may attach to it. The response to the page waits
   * for it. When it fails, the session is ended.
   */
  onCall?: ((call: EdgeLiveCall, c: RealtimeContext<Bindings>) => void | Promise<void>) | undefined;
  /**
   * Called with each relay whose session has started, and an observer of the session: to handle delegations, say,
   * inform and instruct. Its exceptions go to `onError`.
   */
  onRelay?: ((session: LiveSession, c: RealtimeContext<Bindings>) => void | Promise<void>) | undefined;
  /** Decides about a telephone call that is announced for the Live API, by `POST /webhooks`. */
  onIncomingCall?:
    | ((
      call: AnnouncedCall,
      c: RealtimeContext<Bindings>,
    ) =>
      | IncomingCallDecision<Omit<LiveMediaSessionConfig, "client">>
      | Promise<IncomingCallDecision<Omit<LiveMediaSessionConfig, "client">>>)
    | undefined;
  /**
   * Creates the filter of one relay from the default rules: the page may speak, mute itself, type, answer delegations
   * to it and hang up; it sees neither the policy nor the backend's reasoning.
   *
   * @default {those rules}
   */
  relayFilter?: ((rules: RelayFilter, c: RealtimeContext<Bindings>) => RelayFilter) | undefined;
}
