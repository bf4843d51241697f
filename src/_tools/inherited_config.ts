// This module is browser compatible.
import type { ResponseConfig } from "../protocol/mod.ts";

/** What a follow-up inherits from the response whose tools it continues: how it is made, not its subject. */
export function inheritedConfig(config: ResponseConfig): ResponseConfig {
  const { conversation: _conversation, input: _input, metadata: _metadata, tool_choice: _choice, ...rest } = config;
  return rest;
}
