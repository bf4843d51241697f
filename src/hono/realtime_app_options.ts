import type { UpgradeWebSocket } from "hono/ws";
import type { Clock } from "../_internal/clock.ts";
import type { SessionConfig } from "../protocol/mod.ts";
import type { Dial } from "../transport/mod.ts";
import type { EdgeCall } from "./edge_call.ts";
import type { AnnouncedCall, IncomingCallDecision } from "./incoming_call.ts";
import type { OverridableField } from "./overridable_field.ts";
import type { RealtimeContext } from "./realtime_env.ts";
import type { RelayFilter } from "./relay_filter.ts";
import type { RelayLimits } from "./relay_limits.ts";
import type { ReplayGuard } from "./replay_guard.ts";

/**
 * What `authorize` says: `false` for no; `true` for yes, to somebody without a name; a text for yes, to the caller whose
 * id it is; or an answer of its own, such as a redirection to a login.
 */
export type Authorization = boolean | string | Response;

/** A value, or a function that gives it for a request: on Workers secrets come with each one. */
export type PerRequest<Value, Bindings extends object = object> =
  | Value
  | ((c: RealtimeContext<Bindings>) => Value | undefined | Promise<Value | undefined>);

/** Options of {@linkcode createRealtimeApp}. */
export interface RealtimeAppOptions<Bindings extends object = object> {
  /**
   * Decides who may have a session at this server's expense; asked on every route but `/webhooks`, whose requests are
   * signed. There is no default: an app without a decision would be a proxy for strangers.
   *
   * A caller's id is what call tokens are bound to. It is told to nobody: OpenAI gets a hash of it with a key, as the
   * safety identifier.
   */
  authorize: (c: RealtimeContext<Bindings>) => Authorization | Promise<Authorization>;
  /** The policy: the settings that this caller gets. */
  session: SessionConfig | ((c: RealtimeContext<Bindings>) => SessionConfig | Promise<SessionConfig>);
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
   * Origins whose pages may call, such as `https://www.example.com`; then the app's own has to be among them, too.
   * Requests without an origin are not of a page, and up to `authorize`.
   *
   * @default {the origin of the request's address}
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
   * What call tokens are signed with, at least 16 characters. Give one when the API key changes while calls last, or is
   * not the same on all servers.
   *
   * @default {a key derived from the API key by HKDF}
   */
  tokenSecret?: PerRequest<string, Bindings> | undefined;
  /**
   * Secret of the endpoint of the webhooks, `whsec_…`; several while one replaces another.
   *
   * @default {OPENAI_WEBHOOK_SECRET of the environment}
   */
  webhookSecret?: PerRequest<string | readonly string[], Bindings> | undefined;
  /**
   * Remembers webhooks, so that none is handled twice.
   *
   * @default {createReplayGuard(), which knows of its own isolate only}
   */
  replayGuard?: ReplayGuard | undefined;
  /**
   * Is told of each call that has begun, that of a page or an accepted one, and may open a sideband to it. It is waited
   * for: no page gets the answer to its offer before. When it fails, the call is hung up.
   */
  onCall?: ((call: EdgeCall, c: RealtimeContext<Bindings>) => void | Promise<void>) | undefined;
  /** Decides what becomes of a SIP call. Without it there is no route `/webhooks`. */
  onIncomingCall?:
    | ((
      call: AnnouncedCall,
      c: RealtimeContext<Bindings>,
    ) => IncomingCallDecision | Promise<IncomingCallDecision>)
    | undefined;
  /**
   * Makes WebSockets of requests: that of `hono/deno`, `hono/bun`, `hono/cloudflare-workers` or `@hono/node-server`.
   * Without it there is no route `/relay`.
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
