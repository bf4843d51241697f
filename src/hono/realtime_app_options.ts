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
 * What `authorize` says: `false` for no; `true` for yes, to somebody without a name; a text for yes, to the caller whose
 * id it is; or an answer of its own, such as a redirection to a login.
 *
 * @category Edge app
 */
export type Authorization = boolean | string | Response;

/**
 * A value, or a function that gives it for a request: on Workers secrets come with each one.
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
  /** Kind of session. */
  readonly type: "translation";
}

/**
 * The settings that a caller gets: of a conversation, a transcription or a translation.
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
   * Decides who may have a session at this server's expense; asked on every route but `/webhooks`, whose requests are
   * signed. There is no default: an app without a decision would be a proxy for strangers.
   *
   * A caller's id is what call tokens are bound to. It is told to nobody: OpenAI gets a hash of it with a key, as the
   * safety identifier.
   */
  authorize: (c: RealtimeContext<Bindings>) => Authorization | Promise<Authorization>;
  /**
   * The policy: the settings that this caller gets. It may be left out of an app with `live`, which serves no sessions of
   * the Realtime API then.
   */
  session?: SessionPolicy | ((c: RealtimeContext<Bindings>) => SessionPolicy | Promise<SessionPolicy>) | undefined;
  /**
   * Whether the policy is checked. `false` lets it have fields that are newer than this version, and whatever else is
   * wrong with it; what a page sets is checked nevertheless.
   *
   * @default {true}
   */
  check?: boolean | undefined;
  /**
   * Fields of those settings that the page may set instead, by their path: in the body's `session`, and over the relay
   * by `session.update` and `response.create`. An object is replaced whole. All other fields are refused.
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
   * Talk to a deployment on Azure OpenAI instead: its key goes as `api-key`, the deployment takes the place of the model
   * in every session; `apiKey` and `baseUrl` are not used then. With a `token` in place of a key, `tokenSecret` is needed.
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
   * Path that the app is mounted at, when the host leaves it in the address: with `app.mount(path, realtime.fetch,
   * { replaceRequest: false })`, which is what the relay needs on Deno and Bun. Not with `app.route`, nor with an
   * `app.mount` that takes it away.
   *
   * @default {"/"}
   */
  basePath?: string | undefined;
  /**
   * Address of this server as pages know it, such as `https://www.example.com`, when something in front of it ends TLS:
   * pages of its origin are the app's own then. A path in it does not count.
   *
   * @default {the address of the request}
   */
  publicUrl?: string | ((c: RealtimeContext<Bindings>) => string | undefined) | undefined;
  /**
   * Whether `X-Forwarded-Proto` and `X-Forwarded-Host` say what address pages know. Only for a server that can be reached
   * through a proxy alone which sets both: everybody else can send them, too.
   *
   * @default {false}
   */
  trustForwarded?: boolean | undefined;
  /**
   * Origins whose pages may call, such as `https://www.example.com`; then the app's own has to be among them, too. `*`
   * stands for one or more letters, digits and hyphens: `https://*.example.com`, `https://app-*.example.dev`. Requests
   * without an origin are not of a page, and up to `authorize`. `null` is the origin of sandboxed pages and files, and
   * never allowed.
   *
   * @default {the origin of publicUrl, or of the request's address}
   */
  allowedOrigins?:
    | readonly string[]
    | ((origin: string, c: RealtimeContext<Bindings>) => boolean | Promise<boolean>)
    | undefined;
  /**
   * Most bytes that a body may have, at least 1.
   *
   * @default {65536}
   */
  maxBodyBytes?: number | undefined;
  /**
   * How long a request may take, in whole milliseconds, at least 1, reading its body and asking the API included; and how long
   * the relay may take to open a session.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /**
   * How long a client secret can start sessions, in seconds, 10 to 7200. The page asks for one when it needs it.
   *
   * @default {60}
   */
  expiresAfterSeconds?: number | undefined;
  /**
   * The secret that signs call tokens, at least 16 characters. Give one when the API key changes while calls last, or is
   * not the same on all servers. Of several the first signs and all are believed, so that one can replace another.
   *
   * @default {a key derived from the API key by HKDF}
   */
  tokenSecret?: PerRequest<string | readonly string[], Bindings> | undefined;
  /**
   * Makes the safety identifier of a caller: stable, at most 64 characters, and of which OpenAI cannot tell who it is.
   *
   * @default {a hash of the id, which is the same on every server and with every key}
   */
  safetyIdentifier?:
    | ((caller: string, c: RealtimeContext<Bindings>) => string | Promise<string>)
    | undefined;
  /**
   * Secret of the endpoint of the webhooks, `whsec_…`; several while one replaces another.
   *
   * @default {OPENAI_WEBHOOK_SECRET of the environment}
   */
  webhookSecret?: PerRequest<string | readonly string[], Bindings> | undefined;
  /** Limits of usage for each caller and in total, and of the duration of sessions. */
  limits?: EdgeLimits | undefined;
  /**
   * Where quotas, webhooks that were handled and answers to repeated requests are kept: shared by all servers and isolates
   * of an app.
   *
   * @default {memoryStore(), which knows of its own process only}
   */
  store?: RealtimeStore | ((c: RealtimeContext<Bindings>) => RealtimeStore) | undefined;
  /**
   * What happens when the store throws, hangs or answers nonsense: `"refuse"` answers 503, `"allow"` goes on without
   * counting. `onError` is called either way.
   *
   * @default {"refuse"}
   */
  onStoreError?: "refuse" | "allow" | undefined;
  /**
   * Remembers webhooks, so that none is handled twice.
   *
   * @default {createReplayGuard({ store })}
   */
  replayGuard?: ReplayGuard | undefined;
  /**
   * Is told of each call that has begun, that of a page or an accepted one, and may open a sideband to it. It is waited
   * for: no page gets the answer to its offer before. When it fails, the call is hung up.
   */
  onCall?: ((call: EdgeCall, c: RealtimeContext<Bindings>) => void | Promise<void>) | undefined;
  /** Whether calls may have a data channel, and whether the app attaches to them. */
  calls?: CallOptions | undefined;
  /** Decides what becomes of a SIP call. Without it and `live.onIncomingCall` there is no route `/webhooks`. */
  onIncomingCall?:
    | ((
      call: AnnouncedCall,
      c: RealtimeContext<Bindings>,
    ) => IncomingCallDecision | Promise<IncomingCallDecision>)
    | undefined;
  /** Sessions of the Live API, beside those of the Realtime API. Without it there are no routes below `/live`. */
  live?: EdgeLiveOptions<Bindings> | undefined;
  /**
   * Makes WebSockets of requests: that of `hono/deno`, `hono/bun`, `hono/cloudflare-workers` or `@hono/node-server`.
   * Without it there are no routes `/relay` and `/live/relay`.
   */
  upgradeWebSocket?: UpgradeWebSocket | undefined;
  /**
   * Makes the filter of one relay, out of the rules that hold otherwise: the page may speak, listen, answer tool calls
   * and set what `clientMayOverride` has; it does not see the policy, nor what the API says about this account.
   *
   * @default {those rules}
   */
  relayFilter?: ((rules: RelayFilter, c: RealtimeContext<Bindings>) => RelayFilter) | undefined;
  /** Bounds of each relay. */
  relayLimits?: RelayLimits | undefined;
  /** How relays treat pages that are silent or whose connection broke. */
  relay?: RelayOptions | undefined;
  /**
   * Tools that run on this server for each relay. Pages see neither them nor their calls, and cannot answer those. The
   * policy need not list them.
   */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * Decides about calls of `tools` that need approval, as the option of a session with this name does: only `true` lets a
   * call run. It may take any time; `signal` is aborted when the call is interrupted or the relay ends.
   *
   * @default {undefined} none is approved: the model reads that the call was not
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
   * Is told of everything that begins and ends, with what it used, and of everything that is refused: for an audit log.
   * Its errors go to `onError`.
   */
  onEvent?: ((event: EdgeEvent, c: RealtimeContext<Bindings>) => void) | undefined;
  /** Where spans and figures are reported, by structural types of OpenTelemetry. */
  telemetry?: EdgeTelemetry | undefined;
  /**
   * Is told of everything that is answered with a status from 500 on, and of what fails when nobody waits for it. Holds
   * no key, but may hold what is not for the page. What fails in it goes to `console.error`.
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
   * Source of time for what waits.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}
