import { at, isRecord } from "../../_internal/wire.ts";
import { checkPolicy } from "../_app/option_rules.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";
import { type Fields, isIn, withValue } from "./field_path.ts";
import { OverrideRules } from "./override_rules.ts";
import { ProblemError } from "../_http/problem_error.ts";
import type { Settings } from "../_app/settings.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Most characters of a field's name that are repeated to a page. */
const MAX_PARAM = 200;

/** A session as it was decided for a request. */
export interface DecidedSession {
  /** Its settings. */
  readonly session: SessionPolicy;
  /** Paths of the settings that are the page's. */
  readonly pagesFields: readonly string[];
}

/** Decides the session of a request: the policy, with what the page may set and has set. */
export type DecideSession = (c: RealtimeContext, changes: unknown) => Promise<DecidedSession>;

/**
 * Makes the function that decides. It rejects with a `ProblemError` when the page has set what it may not, or to what cannot
 * be, and when the policy is no session.
 */
export function sessionDecider({ check, clientMayOverride, session: policy }: Settings): DecideSession {
  const rules = new OverrideRules(clientMayOverride);
  return async (c, changes) => {
    const base = typeof policy === "function" ? await policy(c) : policy;
    const decided = changes === undefined ? { session: base, pagesFields: [] } : override(base, changes, rules);
    // The app was not made with settings that are none.
    if (decided.session !== policy) assertDecided(decided, check);
    return decided;
  };
}

function override(policy: SessionPolicy, changes: unknown, rules: OverrideRules): DecidedSession {
  if (!isRecord(changes)) throw new ProblemError("invalid_request", "session must be an object", { param: "session" });
  // The kind of session is part of every page's types: it may say again what it is.
  const paths = rules.pathsIn(changes).filter((path) => path.join() !== "type" || changes.type !== policy.type);
  const session = paths.reduce((settings: Fields, path) => {
    const changed = rules.allows(path) ? withValue(settings, path, at(changes, ...path)) : undefined;
    if (changed) return changed;
    const param = ["session", ...path].join(".").slice(0, MAX_PARAM);
    throw new ProblemError("override_not_allowed", `${param} is not for the page to set`, { param });
  }, { ...policy });
  return { session: session as unknown as SessionPolicy, pagesFields: paths.map((path) => path.join(".")) };
}

function assertDecided({ pagesFields, session }: DecidedSession, check: boolean): void {
  const issues = checkPolicy(session);
  const issue = issues.find(({ path }) => isIn(path, pagesFields)) ?? issues[0];
  if (!issue) return;
  if (isIn(issue.path, pagesFields)) {
    const param = `session.${issue.path}`.slice(0, MAX_PARAM);
    throw new ProblemError("invalid_override", `${param} ${issue.message}`, { param });
  }
  if (!check) return;
  const cause = new TypeError(`Cannot answer as the policy is no session: ${issue.path} ${issue.message}`);
  throw new ProblemError("internal_error", "The server is not set up", { cause });
}
