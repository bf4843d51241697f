import type { ApiTarget } from "../../_internal/api_target.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";

/** A policy as this API takes it: on Azure a deployment takes the place of the model. */
export function onDeployment<Policy extends SessionPolicy>(policy: Policy, { azure }: ApiTarget): Policy {
  return azure && policy.type !== "transcription" ? { ...policy, model: azure.deployment } : policy;
}
