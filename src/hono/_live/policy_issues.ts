import { checkLiveClientEvent, type FieldIssue } from "../../protocol/mod.ts";

/** Finds violations of the protocol in a policy; paths begin below the session. */
export function liveIssues(session: unknown): readonly FieldIssue[] {
  return checkLiveClientEvent({ type: "session.start", session })
    .map((issue) => ({ ...issue, path: issue.path.replace(/^session\.?/, "") }));
}
