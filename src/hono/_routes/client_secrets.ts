import type { AppContext } from "../_app/context.ts";
import { readChanges } from "../_http/read_body.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Mints a client secret for the session that this caller gets, and tells the page no more than it needs. */
export async function mintClientSecret(
  c: RealtimeContext,
  { decideSession, openUpstream, settings }: AppContext,
): Promise<Response> {
  const { pagesFields, session } = await decideSession(c, await readChanges(c, settings.maxBodyBytes));
  const { inTime, rest } = await openUpstream(c);
  const expires_after = { anchor: "created_at", seconds: settings.expiresAfterSeconds } as const;
  try {
    const secret = await rest.createClientSecret({ expires_after, session }, { ...inTime, check: false });
    return c.json({ value: secret.value, expires_at: secret.expires_at });
  } catch (error) {
    throw upstreamProblem(error, pagesFields);
  }
}
