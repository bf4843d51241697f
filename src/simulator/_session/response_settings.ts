// This module is browser compatible.
import type {
  EffectiveAudioFormat,
  FunctionTool,
  MaxOutputTokens,
  Metadata,
  RealtimeSession,
  ResponseConfig,
  ToolChoice,
  Voice,
} from "../../protocol/mod.ts";
import { effectiveFormat } from "./session_state.ts";

/** What one response is made with: its own settings, else the session's. */
export interface ResponseSettings {
  /** Whether the response stays out of the default conversation. */
  readonly outOfBand: boolean;
  /** System prompt. */
  readonly instructions: string;
  /** Functions that may be called. */
  readonly tools: readonly FunctionTool[];
  /** Which tool must be called, if any. */
  readonly toolChoice: ToolChoice;
  /** Whether the tool choice came with the response. */
  readonly ownToolChoice: boolean;
  /** Whether several functions may be called at once; `undefined`: as the model likes. */
  readonly parallelToolCalls: boolean | undefined;
  /** What the response is made of. */
  readonly modality: "audio" | "text";
  /** Encoding of its audio. */
  readonly format: EffectiveAudioFormat;
  /** The voice that speaks. */
  readonly voice: Voice;
  /** Most tokens it may have. */
  readonly maxOutputTokens: MaxOutputTokens;
  /** Pairs of strings that are told back. */
  readonly metadata: Metadata | null;
}

/** Joins what a `response.create` asks for with what the session is set to. */
export function resolveResponseSettings(config: ResponseConfig, session: RealtimeSession): ResponseSettings {
  const tools = config.tools ?? session.tools ?? [];
  const output = session.audio?.output;
  return {
    outOfBand: config.conversation === "none",
    instructions: config.instructions || (session.instructions ?? ""),
    tools: tools.filter((tool): tool is FunctionTool => tool.type === "function"),
    toolChoice: config.tool_choice ?? (session.tool_choice ?? "auto") as ToolChoice,
    ownToolChoice: config.tool_choice !== undefined,
    parallelToolCalls: config.parallel_tool_calls ?? session.parallel_tool_calls ?? undefined,
    modality: (config.output_modalities ?? session.output_modalities)?.includes("text") ? "text" : "audio",
    format: config.audio?.output?.format
      ? effectiveFormat(config.audio.output.format)
      : output?.format ?? { type: "audio/pcm", rate: 24000 },
    voice: config.audio?.output?.voice ?? output?.voice ?? "alloy",
    maxOutputTokens: config.max_output_tokens ?? session.max_output_tokens ?? "inf",
    metadata: config.metadata ?? null,
  };
}
