import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import { readChanges } from "../_http/read_body.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import { onDeployment } from "../_policy/on_deployment.ts";
import type { DecideSession } from "../_policy/session_policy.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Mints a client secret for the session of this caller, and returns only the fields that the page needs. */
export async function mintClientSecret(
  c: RealtimeContext,
  app: AppContext,
  decide: DecideSession,
): Promise<Response> {
  const { emit, openUpstream, settings } = app;
  const { pagesFields, session } = await decide(c, await readChanges(c, settings.maxBodyBytes));
  const upstream = await openUpstream(c);
  await app.quotasFor(c).mint(c.get("caller"), (error) => settings.onError(error, c));
  try {
    const { expires_at, value } = await mint(session, upstream, settings.expiresAfterSeconds);
    emit({ type: "minted", expiresAt: expires_at }, c);
    return c.json({ value, expires_at });
  } catch (error) {
    throw upstreamProblem(error, pagesFields);
  }
}

/** Mints a secret for a session of any kind. */
export async function mint(
  decided: SessionPolicy,
  { inTime, rest, target }: Upstream,
  seconds: number,
): Promise<{ readonly value: string; readonly expires_at: number }> {
  const expires_after = { anchor: "created_at", seconds } as const;
  const options = { ...inTime, check: false };
  const policy = onDeployment(decided, target);
  if (policy.type !== "translation") return await rest.createClientSecret({ expires_after, session: policy }, options);
  const { type: _, ...session } = policy;
  return await rest.createTranslationClientSecret({ expires_after, session }, options);
}
