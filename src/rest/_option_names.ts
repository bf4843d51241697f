// This module is browser compatible.
import type { AzureTarget } from "../_internal/api_target.ts";
import type { OptionNames } from "../_internal/check_options.ts";
import type { RealtimeRestOptions, RejectCallOptions, RestBodyOptions, RestCallOptions } from "./rest_options.ts";

export const AZURE_NAMES: OptionNames<AzureTarget> = { endpoint: 1, deployment: 1, apiKey: 1, token: 1 };

export const CLIENT_NAMES: OptionNames<RealtimeRestOptions> = {
  apiKey: 1,
  baseUrl: 1,
  organization: 1,
  project: 1,
  safetyIdentifier: 1,
  azure: 1,
  fetch: 1,
  timeoutMs: 1,
  maxRetries: 1,
  clock: 1,
};

export const CALL_NAMES: OptionNames<RestCallOptions> = { signal: 1, timeoutMs: 1, safetyIdentifier: 1 };

export const BODY_NAMES: OptionNames<RestBodyOptions> = { ...CALL_NAMES, check: 1 };

export const REJECT_NAMES: OptionNames<RejectCallOptions> = { ...CALL_NAMES, statusCode: 1 };
