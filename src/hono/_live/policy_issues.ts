import { checkLiveClientEvent, type FieldIssue } from "../../protocol/mod.ts";

/** What is wrong with a policy by the protocol; paths begin below the session. */
export function liveIssues(session: unknown): readonly FieldIssue[] {
  return checkLiveClientEvent({ type: "session.start", session })
    .map((issue) => ({ ...issue, path: issue.path.replace(/^session\.?/, "") }));
}
