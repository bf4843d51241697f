import type { LiveSession } from "../live/mod.ts";
import type { LiveMediaSessionConfig, LiveSessionConfig } from "../protocol/mod.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import type { EdgeLiveCall } from "./edge_live_call.ts";
import type { AnnouncedCall, IncomingCallDecision } from "./incoming_call.ts";
import type { LiveOverridableField } from "./live_overridable_field.ts";
import type { RealtimeContext } from "./realtime_env.ts";
import type { RelayFilter } from "./relay_filter.ts";

/**
 * Sessions of the Live API: `POST /live/sessions` for pages with WebRTC, `GET /live/relay` for pages with a WebSocket, and
 * telephones. Keys, origins, limits, quotas, events and the store are those of the app. A page that says nothing sends
 * silence, which counts as frames and events: bound its session by `limits.maxDurationMs` rather than by `idleMs`.
 *
 * @category Edge app
 */
export interface EdgeLiveOptions<Bindings extends object = object> {
  /**
   * The policy: the settings that this caller gets. `client.data_channel` says what passes the data channel of a page;
   * without it a page may mute itself and hang up, and sees what is said and heard, but no settings. `audio.format` is for
   * the relay. `safety_identifier` is the app's to fill in.
   */
  session: LiveSessionConfig | ((c: RealtimeContext<Bindings>) => LiveSessionConfig | Promise<LiveSessionConfig>);
  /**
   * Fields of those settings that the page may set instead, by their path: in the body's `session`, in the relay's
   * `session.start` and, as far as the API changes them later, in `session.update`. All others are refused.
   *
   * @default {[]}
   */
  clientMayOverride?: readonly LiveOverridableField[] | undefined;
  /**
   * Tools that run on this server for each relay, called by the backend of a `responses` delegation. Pages see neither
   * them nor their calls. The policy need not list them; `onToolApproval` of the app decides about those that need
   * approval. A session over WebRTC has them by `onCall` and `attach()`.
   */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * Is told of each session of a page or telephone that has begun, and may attach to it. It is waited for: no page gets
   * the answer to its offer before. When it fails, the session is ended.
   */
  onCall?: ((call: EdgeLiveCall, c: RealtimeContext<Bindings>) => void | Promise<void>) | undefined;
  /**
   * Is told of each relay whose session has started, with the session as an observer has it: to do what the model
   * delegates, to say, inform and instruct. What fails in it goes to `onError`.
   */
  onRelay?: ((session: LiveSession, c: RealtimeContext<Bindings>) => void | Promise<void>) | undefined;
  /** Decides what becomes of a telephone call that is announced for the Live API, by `POST /webhooks`. */
  onIncomingCall?:
    | ((
      call: AnnouncedCall,
      c: RealtimeContext<Bindings>,
    ) =>
      | IncomingCallDecision<Omit<LiveMediaSessionConfig, "client">>
      | Promise<IncomingCallDecision<Omit<LiveMediaSessionConfig, "client">>>)
    | undefined;
  /**
   * Makes the filter of one relay, out of the rules that hold otherwise: the page may speak, mute itself, type, answer what
   * is delegated to it and hang up; it does not see the policy, nor what the backend thinks.
   *
   * @default {those rules}
   */
  relayFilter?: ((rules: RelayFilter, c: RealtimeContext<Bindings>) => RelayFilter) | undefined;
}
