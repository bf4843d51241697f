import { systemClock } from "../../_internal/clock.ts";
import { isTelling, secretStripper, type StripSecrets } from "../../_internal/strip_secrets.ts";
import type { ApiKey, ApiTarget, AzureTarget } from "../../_internal/api_target.ts";
import { RealtimeRest, type RestCallOptions } from "../../rest/mod.ts";
import { Pseudonyms } from "../_auth/pseudonyms.ts";
import { notSetUp, resolve, resolveSecret, resolveTokenSecrets } from "../_auth/secrets.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { A_DEPLOYMENT, API_ADDRESS, isApiAddress, isDeployment } from "./option_rules.ts";
import { stateOf } from "./request_state.ts";
import type { Settings } from "./settings.ts";

/** The API, as used by one request. */
export interface Upstream {
  /** The API and the credentials. */
  readonly target: ApiTarget;
  /** Its HTTP half. */
  readonly rest: RealtimeRest;
  /** The HTTP half for one offer. */
  readonly restFor: (offer: OfferTraits) => RealtimeRest;
  /** The user on whose behalf calls are made. */
  readonly onBehalf: RestCallOptions;
  /** The same, for calls that the response waits for: they end at the request's timeout. */
  readonly inTime: RestCallOptions;
  /** The secrets of call tokens: the first one signs, all of them verify. */
  readonly tokenSecrets: () => Promise<readonly string[]>;
  /** Removes the key from a text. */
  readonly strip: StripSecrets;
  /** Removes the key from a frame, which may contain words of a conversation: a short key is not removed. */
  readonly stripFrame: StripSecrets;
  /** Trace context of the request. */
  readonly traceparent: string | undefined;
}

/** How an offer is sent. */
export interface OfferTraits {
  /** Key in place of the app's: a client secret. */
  readonly apiKey?: string;
  /** Receives the response before its body is read. */
  readonly onResponse: (response: Response) => void;
  /** Signal of the page: once aborted, nothing is sent, also after a pause. What was sent is awaited. */
  readonly signal: AbortSignal;
}

/** Creates the connection to the API for a request. */
export type OpenUpstream = (c: RealtimeContext) => Promise<Upstream>;

/** A client of the API, and the functions that remove its key from texts. */
interface Client {
  readonly key: string;
  readonly azure: AzureTarget | undefined;
  readonly baseUrl: string | undefined;
  readonly rest: RealtimeRest;
  readonly strip: StripSecrets;
  readonly stripFrame: StripSecrets;
}

/** Creates the function that creates connections to the API. */
export function upstreamOpener(settings: Settings): OpenUpstream {
  const { organization, project, timeoutMs } = settings;
  const clock = settings.clock === systemClock ? settings.deadlines : settings.clock;
  const pseudonyms = new Pseudonyms();
  const makeRest = (target: ApiTarget, fetch: Settings["fetch"]) =>
    new RealtimeRest({ ...target, organization, project, clock, timeoutMs, fetch });
  let kept: Client | undefined;
  /** The client of the last request, if key and address are the same: they seldom change. */
  const toClient = (key: string, azure: AzureTarget | undefined, baseUrl: string | undefined): Client => {
    if (kept?.key === key && kept.azure === azure && kept.baseUrl === baseUrl) return kept;
    // It came with the request, and may contain credentials by mistake.
    if (baseUrl !== undefined && !isApiAddress(baseUrl)) {
      throw notSetUp(new TypeError(`Cannot answer as baseUrl must be ${API_ADDRESS}`));
    }
    const rest = makeRest(azure ? { azure } : { apiKey: key, baseUrl }, settings.fetch);
    const strip = secretStripper([key]);
    return kept = { key, azure, baseUrl, rest, strip, stripFrame: isTelling(key) ? strip : (text) => text };
  };
  return async (c) => {
    const azure = typeof settings.azure === "function" ? await settings.azure(c) : settings.azure;
    // Without a deployment, the session would be one of OpenAI, and without an address, the key would be sent there.
    if (settings.azure && !isDeployment(azure)) {
      throw notSetUp(new TypeError(`Cannot answer as the function azure must return ${A_DEPLOYMENT}`));
    }
    const key = azure ? await keyOf(azure) : await resolveSecret(settings.apiKey, "apiKey", c);
    const baseUrl = azure ? undefined : await resolve(settings.baseUrl, c);
    const client = toClient(key, azure, baseUrl);
    stateOf(c).strip = client.strip;
    let secrets: Promise<readonly string[]> | undefined;
    const tokenSecrets = () => secrets ??= resolveTokenSecrets(settings.tokenSecret, key, c);
    const safetyIdentifier = await identify(c, settings, pseudonyms);
    const { traceparent } = stateOf(c);
    const fetch = tracedFetch(settings, traceparent);
    const target: ApiTarget = azure ? { azure } : { apiKey: key, baseUrl };
    return {
      target: { ...target, organization, project, safetyIdentifier },
      rest: traceparent === undefined ? client.rest : makeRest(target, fetch),
      restFor: ({ apiKey, ...traits }) => {
        const other = apiKey === undefined ? {} : azure ? { azure: { ...azure, apiKey } } : { apiKey };
        return makeRest({ ...target, ...other }, watchedFetch(fetch, traits));
      },
      onBehalf: { safetyIdentifier },
      inTime: { safetyIdentifier, signal: c.get("signal") },
      tokenSecrets,
      strip: client.strip,
      stripFrame: client.stripFrame,
      traceparent,
    };
  };
}

async function identify(c: RealtimeContext, settings: Settings, pseudonyms: Pseudonyms): Promise<string | undefined> {
  const caller = c.get("caller");
  if (caller === undefined) return undefined;
  return await settings.safetyIdentifier?.(caller, c) ?? pseudonyms.of(caller);
}

/** The key or token of a deployment, if present: the client of the API reports problems with it. */
async function keyOf({ apiKey, token }: AzureTarget): Promise<string> {
  const key: ApiKey | undefined = apiKey ?? token;
  const value = typeof key === "function" ? await key() : key;
  if (value) return value;
  throw notSetUp(new TypeError("Cannot answer as there is neither azure.apiKey nor azure.token"));
}

/** Creates the `fetch` of a traced request. */
export function tracedFetch({ fetch }: Settings, traceparent: string | undefined): Settings["fetch"] {
  if (traceparent === undefined) return fetch;
  return (url, init) =>
    (fetch ?? globalThis.fetch)(url, { ...init, headers: { ...init.headers as Record<string, string>, traceparent } });
}

/** Creates a `fetch` that sends nothing for a page that has gone, and shows each response before its body is read. */
function watchedFetch(
  fetch: Settings["fetch"] = globalThis.fetch,
  { onResponse, signal }: Omit<OfferTraits, "apiKey">,
): NonNullable<Settings["fetch"]> {
  return async (url, init) => {
    signal.throwIfAborted();
    const response = await fetch(url, init);
    onResponse(response);
    return response;
  };
}
