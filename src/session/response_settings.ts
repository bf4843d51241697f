// This module is browser compatible.
import { checkOptions, joinNames, type OptionNames } from "../_internal/check_options.ts";
import type {
  ClientEvent,
  MaxOutputTokens,
  OutputModality,
  ResponseConfig,
  Tool,
  ToolChoice,
  Voice,
} from "../protocol/mod.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import { checkMetadata } from "./_responses/correlation.ts";
import { toDefinitions } from "./_tools/tool_box.ts";
import { fromSettings } from "./_with_shorthands.ts";
import { GENERATION_NAMES } from "./session_settings.ts";
import { toUserContent, type UserContent } from "./user_content.ts";

/**
 * Settings of one response, which override those of the session: wire fields, or shorthands for some of them.
 *
 * @category Responses
 */
export interface ResponseSettings extends Omit<ResponseConfig, "tools"> {
  /** `["audio"]` or `["text"]`; short for `output_modalities`. */
  readonly outputModalities?: readonly OutputModality[] | undefined;
  /** Voice of the model; short for `audio.output.voice`. */
  readonly voice?: Voice | undefined;
  /**
   * Ids of the items that the model reads instead of the conversation; with `inputText`, short for `input`, which takes
   * whole messages.
   */
  readonly itemReferences?: readonly string[] | undefined;
  /** A message of the user for this response only, after `itemReferences`: a text, or texts and images. */
  readonly inputText?: UserContent | undefined;
  /** Tools the model may use; of our tools, only those of the session are run. */
  readonly tools?: readonly (RealtimeTool | Tool)[] | undefined;
  /** Tool that must be used, if any; short for `tool_choice`. */
  readonly toolChoice?: ToolChoice | undefined;
  /** Maximum number of tokens of the response, 1 to 4 096, or `"inf"`; short for `max_output_tokens`. */
  readonly maxOutputTokens?: MaxOutputTokens | undefined;
}

const NAMES = /* @__PURE__ */ joinNames((): OptionNames<ResponseSettings> => ({
  ...GENERATION_NAMES,
  conversation: 1,
  input: 1,
  inputText: 1,
  itemReferences: 1,
  maxOutputTokens: 1,
  metadata: 1,
  outputModalities: 1,
  toolChoice: 1,
  voice: 1,
}));

/**
 * The wire configuration of these settings; `check` rejects what the server would reject.
 *
 * @throws {TypeError} when a setting is unknown, a shorthand and a wire field set the same value, or an image is
 * neither PNG nor JPEG.
 * @throws {InvalidEventError} when it breaks a rule of the protocol.
 */
export function toResponseConfig(settings: ResponseSettings, check: (event: ClientEvent) => void): ResponseConfig {
  checkOptions("ask for a response", settings, NAMES);
  const { itemReferences, inputText, tools, ...rest } = settings;
  const references = itemReferences?.map((id) => ({ type: "item_reference", id }));
  const input = inputText === undefined
    ? { itemReferences: references }
    : { inputText: [...references ?? [], { type: "message", role: "user", content: toUserContent(inputText) }] };
  const config = fromSettings({ ...rest, ...input, tools: tools && toDefinitions(tools) });
  checkMetadata(config);
  check({ type: "response.create", response: config });
  return config;
}
