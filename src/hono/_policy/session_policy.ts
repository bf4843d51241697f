import { at, isRecord } from "../../_internal/wire.ts";
import type { FieldIssue } from "../../protocol/mod.ts";
import { checkPolicy } from "../_app/option_rules.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";
import { type Fields, isIn, withValue } from "./field_path.ts";
import { OverrideRules } from "./override_rules.ts";
import { ProblemError } from "../_http/problem_error.ts";
import type { Settings } from "../_app/settings.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Maximum length of a field name that is repeated to a page, in characters. */
const MAX_PARAM = 200;

/** The session decided for a request. */
export interface DecidedSession<Policy extends object = SessionPolicy> {
  /** Its settings. */
  readonly session: Policy;
  /** Paths of the settings that the page has set. */
  readonly pagesFields: readonly string[];
}

/** Decides the session of a request: the policy, with the permitted settings of the page. */
export type DecideSession<Policy extends object = SessionPolicy> = (
  c: RealtimeContext,
  changes: unknown,
) => Promise<DecidedSession<Policy>>;

/** How sessions of one API are decided. */
export interface PolicyOptions<Policy extends object> {
  /** Whether the policy is checked. */
  readonly check: boolean;
  /** Fields that the page may set. */
  readonly clientMayOverride: readonly string[];
  /** The policy, or a function that returns it. */
  readonly session: Policy | ((c: RealtimeContext) => Policy | Promise<Policy>);
  /** Finds violations of the protocol in a session; paths begin below it. */
  readonly issuesOf: (session: unknown) => readonly FieldIssue[];
}

/** Creates the function that decides sessions of the Realtime API, if there are any; see {@linkcode policyDecider}. */
export function sessionDecider({ session, ...settings }: Settings): DecideSession | undefined {
  return session && policyDecider({ ...settings, session, issuesOf: checkPolicy });
}

/**
 * Creates the function that decides. It rejects with a `ProblemError` when the page has set a forbidden field or an
 * invalid value, and when the policy is invalid.
 */
export function policyDecider<Policy extends object>(options: PolicyOptions<Policy>): DecideSession<Policy> {
  const { session: policy } = options;
  return async (c, changes) => decide(typeof policy === "function" ? await policy(c) : policy, changes, options);
}

/**
 * Decides a session from the policy and the settings requested by the page.
 *
 * @throws {ProblemError} when a field is forbidden or a value is invalid, or the policy is.
 */
export function decide<Policy extends object>(
  policy: Policy,
  changes: unknown,
  options: PolicyOptions<Policy>,
): DecidedSession<Policy> {
  const decided = changes === undefined ? { session: policy, pagesFields: [] } : override(policy, changes, options);
  // Static settings were checked when the app was created.
  if (decided.session !== options.session) assertDecided(decided, options);
  return decided;
}

function override<Policy extends object>(
  policy: Policy,
  changes: unknown,
  { clientMayOverride }: PolicyOptions<Policy>,
): DecidedSession<Policy> {
  const rules = new OverrideRules(clientMayOverride);
  if (!isRecord(changes)) throw new ProblemError("invalid_request", "session must be an object", { param: "session" });
  // The type of the session is part of every page's types, so it may be repeated.
  const paths = rules.pathsIn(changes).filter((path) => path.join() !== "type" || changes.type !== at(policy, "type"));
  const session = paths.reduce((settings: Fields, path) => {
    const changed = rules.allows(path) ? withValue(settings, path, at(changes, ...path)) : undefined;
    if (changed) return changed;
    const param = ["session", ...path].join(".").slice(0, MAX_PARAM);
    throw new ProblemError("override_not_allowed", `${param} is reserved for the server`, { param });
  }, { ...policy as Fields });
  return { session: session as unknown as Policy, pagesFields: paths.map((path) => path.join(".")) };
}

function assertDecided<Policy extends object>(
  { pagesFields, session }: DecidedSession<Policy>,
  { check, issuesOf }: PolicyOptions<Policy>,
): void {
  const issues = issuesOf(session);
  const issue = issues.find(({ path }) => isIn(path, pagesFields)) ?? issues[0];
  if (!issue) return;
  if (isIn(issue.path, pagesFields)) {
    const param = `session.${issue.path}`.slice(0, MAX_PARAM);
    throw new ProblemError("invalid_override", `${param} ${issue.message}`, { param });
  }
  if (!check) return;
  const cause = new TypeError(`Cannot answer as the policy is not a session: ${issue.path || "it"} ${issue.message}`);
  throw new ProblemError("internal_error", "The server is misconfigured", { cause });
}
