// This module is browser compatible.
import { joinNames, type OptionNames } from "../_internal/check_options.ts";
import { aFunction, aLogger, anArray, aToolFollowUp } from "../_internal/option_kinds.ts";
import { CORE_NAMES, type CoreSessionOptions } from "./core_session_options.ts";
import type { Logger } from "./log_frames.ts";
import type { McpApprovalsPartOptions } from "./parts/mcp_approvals_part.ts";
import type { ToolsPartOptions } from "./parts/tools_part.ts";
import type { UsagePartOptions } from "./parts/usage_part.ts";

/**
 * Options of a {@linkcode Session}.
 *
 * @category Sessions
 */
export interface SessionOptions
  extends CoreSessionOptions, Omit<ToolsPartOptions, "toolRounds">, McpApprovalsPartOptions, UsagePartOptions {
  /**
   * Receives the log of the session, such as `console`: a line for each event in both directions and of the session
   * itself, without audio, images and secrets, truncated to {@linkcode MAX_LOGGED_BYTES} bytes.
   *
   * @default {undefined} no log
   */
  logger?: Logger | undefined;
}

/** The names of the {@linkcode SessionOptions}, for `checkOptions`. */
export const SESSION_NAMES = /* @__PURE__ */ joinNames((): OptionNames<SessionOptions> => ({
  ...CORE_NAMES,
  dispatchTool: aFunction,
  limits: 1,
  logger: aLogger,
  onMcpApproval: aFunction,
  onToolApproval: aFunction,
  toolFollowUp: aToolFollowUp,
  tools: anArray,
}));
