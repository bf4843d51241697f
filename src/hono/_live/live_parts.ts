import type { LiveSessionConfig } from "../../protocol/mod.ts";
import type { Settings } from "../_app/settings.ts";
import type { FollowedCalls } from "../_calls/watch_call.ts";
import { type DecideSession, policyDecider, type PolicyOptions } from "../_policy/session_policy.ts";
import type { EdgeLiveOptions } from "../edge_live_options.ts";
import { liveCalls } from "./live_api.ts";
import { watchLiveCall } from "./watch_session.ts";
import { liveIssues } from "./policy_issues.ts";

/** The parts that the routes of the Live API share. */
export interface LiveParts {
  /** The options. */
  readonly options: EdgeLiveOptions;
  /** The sessions of pages and telephones. */
  readonly calls: FollowedCalls;
  /** How sessions are decided. */
  readonly policy: PolicyOptions<LiveSessionConfig>;
  /** Decides the session of a request. */
  readonly decide: DecideSession<LiveSessionConfig>;
}

/** Creates the parts of an app that serves the Live API. */
export function createLiveParts(settings: Settings): LiveParts | undefined {
  const { check, live } = settings;
  if (!live) return undefined;
  const clientMayOverride = [...live.clientMayOverride ?? []];
  const policy = { check, clientMayOverride, session: live.session, issuesOf: liveIssues };
  return {
    options: live,
    calls: { api: liveCalls(settings), watch: watchLiveCall },
    policy,
    decide: policyDecider(policy),
  };
}
