import type { ApiTarget } from "../../_internal/api_target.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";

/** A policy as required by this API: on Azure, a deployment replaces the model. */
export function onDeployment<Policy extends SessionPolicy>(policy: Policy, { azure }: ApiTarget): Policy {
  return azure && policy.type !== "transcription" ? { ...policy, model: azure.deployment } : policy;
}
