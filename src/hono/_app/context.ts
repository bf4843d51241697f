import { CallTokens } from "../_auth/call_token.ts";
import { answersInProgress, type CallAnswer } from "../_calls/call_answers.ts";
import { CallRegistry } from "../_calls/call_registry.ts";
import { notSetUp } from "../_auth/secrets.ts";
import { createEmitter, type Emitter } from "../_events/emitter.ts";
import type { SharedWork } from "../_http/shared_work.ts";
import { type DecideSession, sessionDecider } from "../_policy/session_policy.ts";
import { createLiveParts, type LiveParts } from "../_live/live_parts.ts";
import { guardedStore } from "../_quotas/guarded_store.ts";
import { Quotas } from "../_quotas/quotas.ts";
import { RelayRegistry } from "../_relay/relay_registry.ts";
import { type PageView, pageView } from "../_view/page_view.ts";
import { WebhookLedger } from "../_webhooks/webhook_ledger.ts";
import type { RealtimeAppOptions } from "../realtime_app_options.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { RealtimeStore } from "../realtime_store.ts";
import { Endings } from "./endings.ts";
import { isStore } from "./option_rules.ts";
import { type Settings, toSettings } from "./settings.ts";
import { type OpenUpstream, upstreamOpener } from "./upstream.ts";

/** Timeout of a store operation, in milliseconds. */
const STORE_TIMEOUT_MS = 2_000;

/** The parts that the routes of an app share. */
export interface AppContext extends Emitter {
  /** The options, checked and with defaults. */
  readonly settings: Settings;
  /** Decides the session of a request; `undefined` for an app with the Live API only. */
  readonly decideSession: DecideSession | undefined;
  /** Creates the connection to the API for a request. */
  readonly openUpstream: OpenUpstream;
  /** Signs and checks call tokens. */
  readonly tokens: CallTokens;
  /** The calls of this process. */
  readonly calls: CallRegistry;
  /** The relays of this process. */
  readonly relays: RelayRegistry;
  /** Sessions and requests that are still ending. */
  readonly endings: Endings;
  /** The Live API, if the app serves it. */
  readonly live: LiveParts | undefined;
  /** Responses to offers that are being created, for repeated requests. */
  readonly answers: SharedWork<CallAnswer>;
  /** The webhooks that are being handled, or were handled. */
  readonly webhooks: WebhookLedger;
  /** Filters events of the API for pages. */
  readonly view: PageView;
  /** The store for a request, guarded. */
  readonly storeFor: (c: RealtimeContext) => RealtimeStore;
  /** Quotas of callers, for a request. */
  readonly quotasFor: (c: RealtimeContext) => Quotas;
}

/**
 * Creates the parts of an app.
 *
 * @throws {TypeError} when an option is missing, misspelt or of the wrong type.
 * @throws {RangeError} when the value of one is not allowed.
 */
export function createContext(options: RealtimeAppOptions): AppContext {
  const settings = toSettings(options);
  const endings = new Endings();
  const stores = storeFinder(settings, endings);
  return {
    ...createEmitter(settings),
    settings,
    decideSession: sessionDecider(settings),
    openUpstream: upstreamOpener(settings),
    tokens: new CallTokens(settings.now),
    calls: new CallRegistry(),
    relays: new RelayRegistry(),
    endings,
    live: createLiveParts(settings),
    answers: answersInProgress(settings),
    webhooks: new WebhookLedger(settings),
    view: pageView(settings.clientMayOverride),
    storeFor: (c) => stores(c).store,
    quotasFor: (c) => stores(c).quotas,
  };
}

/** Creates the function that finds the store of a request, and caches the last one: it seldom changes. */
function storeFinder({ clock, limits, onStoreError, store: option, timeoutMs }: Settings, endings: Endings) {
  let kept: { readonly from: RealtimeStore; readonly store: RealtimeStore; readonly quotas: Quotas } | undefined;
  return (c: RealtimeContext) => {
    const from = typeof option === "function" ? option(c) : option;
    if (kept && kept.from === from) return kept;
    // Any other was checked when the app was created.
    if (from !== option && !isStore(from)) {
      throw notSetUp(new TypeError("Cannot answer as the function store returned no store"));
    }
    const store = guardedStore(from, { clock, timeoutMs: Math.min(STORE_TIMEOUT_MS, timeoutMs) });
    return kept = { from, store, quotas: new Quotas({ limits, store, onStoreError, clock, endings }) };
  };
}
