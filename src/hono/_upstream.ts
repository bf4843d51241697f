import type { ApiTarget } from "../_internal/api_target.ts";
import { RealtimeRest } from "../rest/mod.ts";
import { DerivedKey } from "./_derived_key.ts";
import { resolve, resolveSecret } from "./_secrets.ts";
import type { Settings } from "./_settings.ts";
import type { RealtimeContext } from "./realtime_env.ts";

/** The API, as one request gets to it. */
export interface Upstream {
  /** Where the API is, and who asks. */
  readonly target: ApiTarget;
  /** Its HTTP half. */
  readonly rest: RealtimeRest;
  /** What call tokens are signed with. */
  readonly tokenSecret: () => Promise<string>;
}

/** Finds the way to the API for a request. */
export type OpenUpstream = (c: RealtimeContext) => Promise<Upstream>;

/** Makes the function that finds the way to the API. */
export function upstreamOpener(settings: Settings): OpenUpstream {
  const { clock, fetch, organization, project, timeoutMs } = settings;
  const pseudonymKey = new DerivedKey("oai-rt edge safety identifier 1");
  return async (c) => {
    const apiKey = await resolveSecret(settings.apiKey, "OPENAI_API_KEY", c);
    const tokenSecret = async () => await resolve(settings.tokenSecret, c) ?? apiKey;
    const caller = c.get("caller");
    const target: ApiTarget = {
      apiKey,
      baseUrl: await resolve(settings.baseUrl, c),
      organization,
      project,
      safetyIdentifier: caller === undefined
        ? undefined
        : await pseudonym(caller, await pseudonymKey.of(await tokenSecret())),
    };
    return { target, rest: new RealtimeRest({ ...target, clock, fetch, timeoutMs }), tokenSecret };
  };
}

/** A name for a caller that is always the same, and that nobody can find the caller by. */
async function pseudonym(caller: string, key: CryptoKey): Promise<string> {
  const digest = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(caller));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 40);
}
