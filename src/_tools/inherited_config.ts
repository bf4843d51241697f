// This module is browser compatible.
import type { ResponseConfig } from "../protocol/mod.ts";

/**
 * Configuration that a follow-up inherits from the response whose tools it continues: its settings, not its subject.
 */
export function inheritedConfig(config: ResponseConfig): ResponseConfig {
  const { conversation: _conversation, input: _input, metadata: _metadata, tool_choice: _choice, ...rest } = config;
  return rest;
}
