// This module is browser compatible.
import type { OptionNames } from "../../_internal/check_options.ts";
import type { OpenSessionOptions } from "../../session/mod.ts";

/** The names of the options that a page may give a session, for `checkOptions`. */
export const SESSION_NAMES: OptionNames<Omit<OpenSessionOptions, "type" | "sideband" | "shared">> = {
  ackTimeoutMs: 1,
  clock: 1,
  dispatchTool: 1,
  instructions: 1,
  limits: 1,
  logger: 1,
  makeId: 1,
  noiseReduction: 1,
  onMcpApproval: 1,
  onToolApproval: 1,
  onUnhandled: 1,
  outputModalities: 1,
  reasoning: 1,
  session: 1,
  signal: 1,
  toolFollowUp: 1,
  tools: 1,
  transcription: 1,
  turnDetection: 1,
  voice: 1,
};
