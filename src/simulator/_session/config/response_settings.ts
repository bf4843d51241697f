// This module is browser compatible.
import { invalidValue } from "../../_errors/server_error.ts";
import type {
  EffectiveAudioFormat,
  FunctionTool,
  MaxOutputTokens,
  Metadata,
  RealtimeSession,
  ResponseConfig,
  ToolChoice,
  Voice,
} from "../../../protocol/mod.ts";
import type { AnyMcpTool } from "../mcp/mcp_approval.ts";
import { defaultsOf } from "./models.ts";
import { hiddenField } from "../../_profiles/own_fields.ts";
import { effectiveFormat } from "./session_state.ts";

/** Tokens of thought that a reasoning model is made to take, by `reasoning.effort`. */
const REASONING_TOKENS: ReadonlyMap<string, number> = new Map([
  ["minimal", 0],
  ["low", 16],
  ["medium", 64],
  ["high", 256],
  ["xhigh", 512],
]);

/** The settings of one response: its own, else the session's. */
export interface ResponseSettings {
  /** Whether the response stays out of the default conversation. */
  readonly outOfBand: boolean;
  /** Model that answers. */
  readonly model: string | undefined;
  /** System prompt. */
  readonly instructions: string;
  /** Functions that may be called. */
  readonly tools: readonly FunctionTool[];
  /** MCP servers with callable tools. */
  readonly mcpServers: readonly AnyMcpTool[];
  /** Tool that must be called, if any. */
  readonly toolChoice: ToolChoice;
  /** Whether the tool choice came with the response. */
  readonly ownToolChoice: boolean;
  /** Whether several functions may be called at once; `undefined` leaves it to the model. */
  readonly parallelToolCalls: boolean | undefined;
  /** Modality of the response. */
  readonly modality: "audio" | "text";
  /** Encoding of its audio. */
  readonly format: EffectiveAudioFormat;
  /** The voice that speaks. */
  readonly voice: Voice;
  /** Whether messages carry a `phase`. */
  readonly tellsPhase: boolean;
  /** Speed of speech: that of the session when the response begins. */
  readonly speed: number;
  /** Maximum number of its tokens. */
  readonly maxOutputTokens: MaxOutputTokens;
  /** Tokens of thought, when reasoning is set. */
  readonly reasoningTokens: number | undefined;
  /** Pairs of strings that the response repeats. */
  readonly metadata: Metadata | null;
}

/**
 * Merges the settings of a `response.create` with those of the session.
 *
 * @throws {ServerError} when it names an invalid conversation.
 */
export function resolveResponseSettings(config: ResponseConfig, session: RealtimeSession): ResponseSettings {
  const { conversation = "auto" } = config;
  if (conversation !== "auto" && conversation !== "none") {
    throw invalidValue("response.conversation", conversation, ["auto", "none"]);
  }
  const tools = config.tools ?? session.tools ?? [];
  const output = session.audio?.output;
  const effort = config.reasoning?.effort ?? session.reasoning?.effort;
  return {
    outOfBand: conversation === "none",
    model: session.model ?? undefined,
    instructions: config.instructions || (session.instructions ?? ""),
    tools: tools.filter((tool): tool is FunctionTool => tool.type === "function" && !hiddenField(tool, "ownTool")),
    mcpServers: tools.filter((tool): tool is AnyMcpTool => tool.type === "mcp"),
    toolChoice: config.tool_choice ?? (session.tool_choice ?? "auto") as ToolChoice,
    ownToolChoice: config.tool_choice !== undefined,
    parallelToolCalls: config.parallel_tool_calls ?? session.parallel_tool_calls ?? undefined,
    modality: (config.output_modalities ?? session.output_modalities)?.includes("text") ? "text" : "audio",
    format: config.audio?.output?.format
      ? effectiveFormat(config.audio.output.format)
      : output?.format ?? { type: "audio/pcm", rate: 24000 },
    voice: config.audio?.output?.voice ?? output?.voice ?? "alloy",
    tellsPhase: defaultsOf(session.model ?? "").tellsPhase,
    speed: output?.speed ?? 1,
    maxOutputTokens: config.max_output_tokens ?? session.max_output_tokens ?? "inf",
    reasoningTokens: effort ? REASONING_TOKENS.get(effort) : undefined,
    metadata: config.metadata ?? null,
  };
}
