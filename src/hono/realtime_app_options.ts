import type { UpgradeWebSocket } from "hono/ws";
import type { Clock } from "../_internal/clock.ts";
import type { SessionConfig, TranslationSessionCreateConfig } from "../protocol/mod.ts";
import type { ToolCallDetails } from "../session/mod.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import type { AzureTarget, Dial } from "../transport/mod.ts";
import type { EdgeCall } from "./edge_call.ts";
import type { EdgeEvent, RelayHandle } from "./edge_event.ts";
import type { EdgeLimits } from "./edge_limits.ts";
import type { EdgeLiveOptions } from "./edge_live_options.ts";
import type { CallOptions, RelayOptions } from "./edge_options.ts";
import type { EdgeTelemetry } from "./edge_telemetry.ts";
import type { AnnouncedCall, IncomingCallDecision } from "./incoming_call.ts";
import type { OverridableField } from "./overridable_field.ts";
import type { RealtimeContext } from "./realtime_env.ts";
import type { RealtimeStore } from "./realtime_store.ts";
import type { RelayFilter } from "./relay_filter.ts";
import type { RelayLimits } from "./relay_limits.ts";
import type { ReplayGuard } from "./replay_guard.ts";

/**
 * The result of `authorize`: `false` for no; `true` for an anonymous caller; a string for the caller with this id; or a
 * response, such as a redirect to a login.
 *
 * @category Edge app
 */
export type Authorization = boolean | string | Response;

/**
 * A value, or a function that returns it for a request: on Workers, secrets come with each request.
 *
 * @category Edge app
 */
export type PerRequest<Value, Bindings extends object = object> =
  | Value
  | ((c: RealtimeContext<Bindings>) => Value | undefined | Promise<Value | undefined>);

/**
 * Settings of a translation session, as a policy.
 *
 * @category Edge app
 */
export interface TranslationPolicy extends TranslationSessionCreateConfig {
  /** Type of session. */
  readonly type: "translation";
}

/**
 * The settings of a caller's session: of a conversation, a transcription or a translation.
 *
 * @category Edge app
 */
export type SessionPolicy = SessionConfig | TranslationPolicy;

/**
 * Options of {@linkcode createRealtimeApp}.
 *
 * @category Edge app
 */
export interface RealtimeAppOptions<Bindings extends object = object> {
  /**
   * Decides who may have a session at this server's expense; called on every route except `/webhooks`, whose requests
   * are signed, `/health` and `/openapi.json`. There is no default: an app without this decision would be an open proxy.
   *
   * Call tokens are bound to the caller's id. It is not disclosed: OpenAI receives a keyed hash of it, as the safety
   * identifier.
   */
  authorize: (c: RealtimeContext<Bindings>) => Authorization | Promise<Authorization>;
  /**
   * The policy: the settings of this caller's session. Optional in an app with `live`, which then serves no sessions of
   * the Realtime API.
   */
  session?: SessionPolicy | ((c: RealtimeContext<Bindings>) => SessionPolicy | Promise<SessionPolicy>) | undefined;
  /**
   * Whether the policy is checked. `false` allows fields newer than this version, but also mistakes; settings of a page
   * are checked nevertheless.
   *
   * @default {true}
   */
  check?: boolean | undefined;
  /**
   * Paths of the settings that the page may change: in the body's `session`, and over the relay by `session.update` and
   * `response.create`. An object is replaced as a whole. All other settings are rejected.
   *
   * @default {[]}
   */
  clientMayOverride?: readonly OverridableField[] | undefined;
  /**
   * API key.
   *
   * @default {OPENAI_API_KEY of the environment}
   */
  apiKey?: PerRequest<string, Bindings> | undefined;
  /**
   * Base URL of the API.
   *
   * @default {"https://api.openai.com/v1"}
   */
  baseUrl?: PerRequest<string, Bindings> | undefined;
  /**
   * Connects to a deployment on Azure OpenAI instead: its key is sent as `api-key`, the deployment replaces the model
   * in every session; `apiKey` and `baseUrl` are then ignored. With a `token` in place of a key, `tokenSecret` is
   * required.
   */
  azure?: AzureTarget | ((c: RealtimeContext<Bindings>) => AzureTarget | Promise<AzureTarget>) | undefined;
  /** Organization to bill. */
  organization?: string | undefined;
  /** Project to bill. */
  project?: string | undefined;
  /**
   * Makes the requests to the API.
   *
   * @default {globalThis.fetch}
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Opens the sockets to the API, for the relay and for sidebands.
   *
   * @default {that of connectWebSocket}
   */
  dial?: Dial | undefined;
  /**
   * Path at which the app is mounted, if the host leaves it in the address: with `app.mount(path, realtime.fetch, {
   * replaceRequest: false })`, which the relay requires on Deno and Bun. Not with `app.route`, nor with an `app.mount`
   * that removes it.
   *
   * @default {"/"}
   */
  basePath?: string | undefined;
  /**
   * Public address of this server, such as `https://www.example.com`, when a proxy in front of it terminates TLS: pages
   * of its origin then count as the app's own. A path in it is ignored.
   *
   * @default {the address of the request}
   */
  publicUrl?: string | ((c: RealtimeContext<Bindings>) => string | undefined) | undefined;
  /**
   * Whether `X-Forwarded-Proto` and `X-Forwarded-Host` determine the public address. Use it only if the server can be
   * reached solely through a proxy that sets both: everyone else can send them, too.
   *
   * @default {false}
   */
  trustForwarded?: boolean | undefined;
  /**
   * Origins whose pages may call, such as `https://www.example.com`; the app's own origin must then be included, too.
   * `*` stands for one or more letters, digits and hyphens: `https://*.example.com`, `https://app-*.example.dev`.
   * Requests without an origin do not come from a page, and are left to `authorize`. `null` is the origin of sandboxed
   * pages and files, and never allowed.
   *
   * @default {the origin of publicUrl, or of the request's address}
   */
  allowedOrigins?:
    | readonly string[]
    | ((origin: string, c: RealtimeContext<Bindings>) => boolean | Promise<boolean>)
    | undefined;
  /**
   * Limit of a body in bytes, at least 1.
   *
   * @default {65536}
   */
  maxBodyBytes?: number | undefined;
  /**
   * Timeout of a request, in whole milliseconds, at least 1, including reading its body and calling the API; also the
   * time that a relay has to open a session.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /**
   * Lifetime of a client secret, in seconds, 10 to 7200: it opens any number of sessions until then.
   *
   * @default {60}
   */
  expiresAfterSeconds?: number | undefined;
  /**
   * The secret that signs call tokens, at least 16 characters. Required when the API key changes during calls, or
   * differs between servers. Of several, the first one signs and all of them verify, so that secrets can be rotated.
   *
   * @default {a key derived from the API key by HKDF}
   */
  tokenSecret?: PerRequest<string | readonly string[], Bindings> | undefined;
  /**
   * Creates the safety identifier of a caller: stable, at most 64 characters, and not traceable by OpenAI.
   *
   * @default {a hash of the id, which is the same on every server and with every key}
   */
  safetyIdentifier?:
    | ((caller: string, c: RealtimeContext<Bindings>) => string | Promise<string>)
    | undefined;
  /**
   * Secret of the webhook endpoint, `whsec_…`; several during a rotation.
   *
   * @default {OPENAI_WEBHOOK_SECRET of the environment}
   */
  webhookSecret?: PerRequest<string | readonly string[], Bindings> | undefined;
  /** Limits of usage for each caller and in total, and of the duration of sessions. */
  limits?: EdgeLimits | undefined;
  /**
   * Stores quotas, handled webhooks and responses to repeated requests: shared by all servers and isolates of an app.
   *
   * @default {memoryStore(), which is limited to its own process}
   */
  store?: RealtimeStore | ((c: RealtimeContext<Bindings>) => RealtimeStore) | undefined;
  /**
   * Handling of a store that throws, hangs or returns invalid results: `"refuse"` responds with 503, `"allow"`
   * continues without counting. `onError` is called in both cases.
   *
   * @default {"refuse"}
   */
  onStoreError?: "refuse" | "allow" | undefined;
  /**
   * Remembers webhooks, so that each is handled once.
   *
   * @default {a guard that remembers in the store}
   */
  replayGuard?: ReplayGuard | undefined;
  /**
   * Called with each call that has begun, of a page or accepted from a telephone; it may open a sideband to it. The
   * response to the page waits for it. When it fails, the call is hung up.
   */
  onCall?: ((call: EdgeCall, c: RealtimeContext<Bindings>) => void | Promise<void>) | undefined;
  /** Whether calls may have a data channel, and whether the app attaches to them. */
  calls?: CallOptions | undefined;
  /** Decides about a SIP call. Without it and `live.onIncomingCall` there is no route `/webhooks`. */
  onIncomingCall?:
    | ((
      call: AnnouncedCall,
      c: RealtimeContext<Bindings>,
    ) => IncomingCallDecision | Promise<IncomingCallDecision>)
    | undefined;
  /**
   * Sessions of the Live API, in addition to those of the Realtime API. Without it there are no routes below `/live`.
   */
  live?: EdgeLiveOptions<Bindings> | undefined;
  /**
   * Upgrades requests to WebSockets: that of `hono/deno`, `hono/bun`, `hono/cloudflare-workers` or `@hono/node-server`.
   * Without it there are no routes `/relay` and `/live/relay`.
   */
  upgradeWebSocket?: UpgradeWebSocket | undefined;
  /**
   * Creates the filter of one relay from the default rules: the page may speak, listen, answer tool calls and change
   * the settings in `clientMayOverride`; it sees neither the policy nor messages of the API about the account.
   *
   * @default {those rules}
   */
  relayFilter?: ((rules: RelayFilter, c: RealtimeContext<Bindings>) => RelayFilter) | undefined;
  /** Limits of each relay. */
  relayLimits?: RelayLimits | undefined;
  /** Handling of pages that are silent or whose connection broke. */
  relay?: RelayOptions | undefined;
  /**
   * Tools that run on this server for each relay. Neither the tools nor their calls are visible to pages, which cannot
   * answer the calls: to a page, the response that calls a tool ends, and another one begins. The policy need not list
   * them.
   */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * Decides about calls of `tools` that need approval, like the option of a session with this name: only `true` lets a
   * call run. It may take any time; `signal` is aborted when the call is interrupted or the relay ends.
   *
   * @default {undefined} none is approved: the model reads that the call was rejected
   */
  onToolApproval?:
    | ((
      call: ToolCallDetails,
      context: {
        readonly signal: AbortSignal;
        readonly relay: RelayHandle;
        readonly c: RealtimeContext<Bindings>;
      },
    ) => boolean | Promise<boolean>)
    | undefined;
  /**
   * Called with everything that begins and ends, including usage, and with every rejection: for an audit log. Its
   * exceptions go to `onError`.
   */
  onEvent?: ((event: EdgeEvent, c: RealtimeContext<Bindings>) => void) | undefined;
  /** Receives spans and metrics, by structural types of OpenTelemetry. */
  telemetry?: EdgeTelemetry | undefined;
  /**
   * Called with the cause of every response with a status of 500 or above, except `shutting_down`, with failures outside
   * requests, and with mistakes of the host in others, such as an `authorize` that returns a number. It contains no key,
   * but possibly details that pages must not see. Its exceptions go to `console.error`.
   *
   * @default {console.error}
   */
  onError?: ((error: unknown, c: RealtimeContext<Bindings>) => void) | undefined;
  /**
   * Unix time in milliseconds.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
  /**
   * Source of time for waiting.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}
