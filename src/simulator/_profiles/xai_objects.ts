// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type { Fields } from "./frame_shape.ts";
import { inOrder } from "./in_order.ts";
import { hiddenField } from "./own_fields.ts";
import { shownSettings } from "./own_settings.ts";
import { XAI_SESSION_SETTINGS } from "./xai_settings.ts";

/** Tokens of audio that a second of the model's speech is counted as. */
const TOKENS_PER_AUDIO_SECOND = 20;

/** The order of an item's fields, as recorded. */
const ITEM_ORDER = ["id", "object", "type", "status", "role", "call_id"];

/** A session as `session.created` shows it. */
export function xaiSessionCreated(session: unknown): Fields {
  const { audio, id, model, object, output_modalities, tools } = record(session);
  const { input, output } = record(audio);
  return {
    id,
    object,
    instructions: "",
    voice: record(output).voice,
    modalities: output_modalities,
    turn_detection: record(input).turn_detection ?? { type: null },
    tools,
    model,
  };
}

/** A session as `session.updated` shows it, without its id and its type. */
export function xaiSession(session: unknown): Fields {
  const { audio, instructions, max_output_tokens, model, output_modalities, tool_choice, tools, ...rest } = record(
    session,
  );
  const { enable_noise_suppression, enable_phonetic_spelling, keep_context, temperature, ...documented } =
    shownSettings(rest, XAI_SESSION_SETTINGS);
  const [input, output] = [record(record(audio).input), record(record(audio).output)];
  const functions = Array.isArray(tools)
    ? tools.map((tool) => {
      const { type, ...declaration } = tool;
      return hiddenField(tool, "ownTool") ??
        (type === "function" ? { type, function: declaration } : { type, ...declaration });
    })
    : [];
  return {
    instructions,
    enable_noise_suppression,
    turn_detection: turnDetectionOf(input.turn_detection),
    model,
    ...functions.length > 0 && { tools: functions },
    keep_context,
    enable_phonetic_spelling,
    ...input.transcription ? { input_audio_transcription: transcriptionOf(input.transcription) } : {},
    modalities: output_modalities,
    input_audio_format: "not specified",
    output_audio_format: "not specified",
    tool_choice,
    temperature,
    max_response_output_tokens: max_output_tokens,
    audio: {
      input: {
        format: formatOf(input.format),
        transport: "json",
        ...input.transcription ? { transcription: transcriptionOf(input.transcription) } : {},
      },
      output: { format: formatOf(output.format), transport: "json" },
    },
    ...documented,
  };
}

/** A format with its rate on the wire. */
function formatOf(format: unknown): unknown {
  const wireRate = hiddenField(format, "wireRate");
  return wireRate === undefined ? format : { ...record(format), rate: wireRate };
}

/** A response: its usage is a separate field, and details of its end are omitted, as is absent metadata. */
export function xaiResponse(response: unknown): Fields {
  const { id, metadata, object, output, status } = record(response);
  const items = Array.isArray(output) ? output.map((item) => withAudioParts(record(item))) : [];
  const shown = { id, object, output: items, status, status_details: "unimplemented", usage: {} };
  // Assumed, as LiveKit's plugin for xAI finds its responses by it.
  return metadata === null ? shown : { ...shown, metadata };
}

/** Tokens of the model's speech in a response. */
export function spokenTokens(response: unknown): number {
  return Number(record(record(record(response).usage).output_token_details).audio_tokens ?? 0);
}

/**
 * The usage of a response in xAI's form.
 *
 * @param conversationTokens tokens of the model's speech in the conversation. xAI reports a running total, of which it
 * does not say what it measures: the recordings have 1 and 4 seconds after 2.1 and 7.1 seconds of speech.
 */
export function usageBeside(response: unknown, conversationTokens: number): Fields {
  const { input_token_details, input_tokens, output_token_details, output_tokens, total_tokens } = record(
    record(response).usage,
  );
  const details = (of: unknown) => {
    const { audio_tokens = 0, text_tokens = 0 } = record(of);
    return { text_tokens, audio_tokens, grok_tokens: 0 };
  };
  return {
    input_tokens,
    input_token_details: details(input_token_details),
    output_tokens,
    output_token_details: details(output_token_details),
    total_tokens,
    output_audio_seconds: spokenTokens(response) / TOKENS_PER_AUDIO_SECOND,
    billable_audio_seconds: Math.ceil(conversationTokens / TOKENS_PER_AUDIO_SECOND),
  };
}

/** An item of the conversation. */
export function xaiItem(item: unknown): Fields {
  const { content, id, type, status = "completed", ...rest } = record(item);
  const role = type === "function_call" || type === "function_call_output" ? "tool" : rest.role;
  const shown = { id, object: "realtime.item", type, status, ...rest, role, ...content !== undefined && { content } };
  return inOrder(shown, ITEM_ORDER);
}

/** An item of a response: messages come without their content, and calls with the role of a user. */
export function xaiOutputItem(item: unknown): Fields {
  const { content: _content, ...rest } = withAudioParts(record(item));
  return rest;
}

function withAudioParts(item: Fields): Fields {
  const { content, id, type, status, ...rest } = item;
  const parts = Array.isArray(content)
    ? content.map((part) => part.type === "output_audio" ? { ...part, type: "audio" } : part)
    : undefined;
  const role = type === "function_call" ? { role: "user" } : {};
  const shown = { id, object: "realtime.item", type, status, ...role, ...rest, ...parts && { content: parts } };
  return inOrder(shown, ITEM_ORDER);
}

/** Turn detection settings, without those that only OpenAI has. */
function turnDetectionOf(detection: unknown): Fields {
  const { create_response, interrupt_response, type } = record(detection);
  return typeof type === "string" ? { type, create_response, interrupt_response } : { type: null };
}

function transcriptionOf(transcription: unknown): Fields {
  return { model: record(transcription).model };
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
