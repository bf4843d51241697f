import { toBackendTools } from "../../_tools/backend_tools.ts";
import type { LiveSessionConfig } from "../../protocol/mod.ts";
import type { RealtimeTool } from "../../tools/mod.ts";
import type { Upstream } from "../_app/upstream.ts";
import { functionNames } from "../_relay/page_functions.ts";
import { onLiveDeployment } from "./live_api.ts";

/** The initial settings of a relay's session: with the server's tools, and without data channel settings. */
export function toStart(
  { client: _, ...session }: LiveSessionConfig,
  tools: readonly RealtimeTool[],
  { target }: Upstream,
): LiveSessionConfig {
  const { safetyIdentifier } = target;
  return onLiveDeployment({
    ...safetyIdentifier !== undefined && { safety_identifier: safetyIdentifier },
    ...withTools(session, tools),
  }, target);
}

/** Names of the backend's functions that a page executes. */
export function pageFunctions({ delegation }: LiveSessionConfig, tools: readonly RealtimeTool[]): ReadonlySet<string> {
  const names = new Set(delegation?.type === "responses" ? functionNames(delegation.responses.tools) : []);
  for (const { definition } of tools) names.delete(definition.name);
  return names;
}

function withTools(session: LiveSessionConfig, tools: readonly RealtimeTool[]): LiveSessionConfig {
  const { delegation } = session;
  if (tools.length === 0 || delegation?.type !== "responses") return session;
  const ours = new Set(tools.map(({ definition }) => definition.name));
  const others = (delegation.responses.tools ?? []).filter((tool) => !("name" in tool && ours.has(`${tool.name}`)));
  const responses = { ...delegation.responses, tools: [...others, ...toBackendTools(tools)] };
  return { ...session, delegation: { ...delegation, responses } };
}
