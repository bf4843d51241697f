import { CallTokens } from "../_auth/call_token.ts";
import { type DecideSession, sessionDecider } from "../_policy/session_policy.ts";
import { type Settings, toSettings } from "./settings.ts";
import { type OpenUpstream, upstreamOpener } from "./upstream.ts";
import type { RealtimeAppOptions } from "../realtime_app_options.ts";

/** What the routes of an app are made of. Holds nothing of any request. */
export interface AppContext {
  /** The options, checked and complete. */
  readonly settings: Settings;
  /** Decides the session of a request. */
  readonly decideSession: DecideSession;
  /** Finds the way to the API for a request. */
  readonly openUpstream: OpenUpstream;
  /** Signs and checks call tokens. */
  readonly tokens: CallTokens;
}

/**
 * Makes the parts of an app.
 *
 * @throws {TypeError} when an option is missing, misspelt or of the wrong type.
 * @throws {RangeError} when the value of one is not allowed.
 */
export function createContext(options: RealtimeAppOptions): AppContext {
  const settings = toSettings(options);
  return {
    settings,
    decideSession: sessionDecider(settings),
    openUpstream: upstreamOpener(settings),
    tokens: new CallTokens(settings.now),
  };
}
