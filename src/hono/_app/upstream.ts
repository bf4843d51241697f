import type { ApiTarget } from "../../_internal/api_target.ts";
import { RealtimeRest, type RestCallOptions } from "../../rest/mod.ts";
import { Pseudonyms } from "../_auth/pseudonyms.ts";
import { resolve, resolveSecret, resolveTokenSecret } from "../_auth/secrets.ts";
import type { Settings } from "./settings.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** The API, as one request gets to it. */
export interface Upstream {
  /** Where the API is, and who asks. */
  readonly target: ApiTarget;
  /** Its HTTP half. */
  readonly rest: RealtimeRest;
  /** For whom each call of that is made, at any time. */
  readonly onBehalf: RestCallOptions;
  /** The same for the calls that the answer to the request waits for: they end when its time is out. */
  readonly inTime: RestCallOptions;
  /** What call tokens are signed with. */
  readonly tokenSecret: () => Promise<string>;
}

/** Finds the way to the API for a request. */
export type OpenUpstream = (c: RealtimeContext) => Promise<Upstream>;

/** Makes the function that finds the way to the API. */
export function upstreamOpener(settings: Settings): OpenUpstream {
  const { clock, fetch, organization, project, timeoutMs } = settings;
  const pseudonyms = new Pseudonyms();
  let kept: { readonly apiKey: string; readonly baseUrl: string | undefined; readonly rest: RealtimeRest } | undefined;
  /** The client of the last request, if key and address are the same: they seldom change. */
  const toRest = (apiKey: string, baseUrl: string | undefined): RealtimeRest => {
    if (kept?.apiKey === apiKey && kept.baseUrl === baseUrl) return kept.rest;
    const rest = new RealtimeRest({ apiKey, baseUrl, organization, project, clock, fetch, timeoutMs });
    kept = { apiKey, baseUrl, rest };
    return rest;
  };
  return async (c) => {
    const apiKey = await resolveSecret(settings.apiKey, "OPENAI_API_KEY", c);
    let secret: Promise<string> | undefined;
    const tokenSecret = () => secret ??= resolveTokenSecret(settings.tokenSecret, apiKey, c);
    const caller = c.get("caller");
    const safetyIdentifier = caller === undefined ? undefined : await pseudonyms.of(caller, await tokenSecret());
    const baseUrl = await resolve(settings.baseUrl, c);
    return {
      target: { apiKey, baseUrl, organization, project, safetyIdentifier },
      rest: toRest(apiKey, baseUrl),
      onBehalf: { safetyIdentifier },
      inTime: { safetyIdentifier, signal: c.get("signal") },
      tokenSecret,
    };
  };
}
