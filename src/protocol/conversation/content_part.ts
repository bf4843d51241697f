// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { UnknownKind } from "../unknown_kind.ts";

/**
 * Text of the user or the system.
 *
 * @category Conversation
 */
export interface InputTextPart {
  /** Kind of content. */
  readonly type: "input_text";
  /** The text. */
  readonly text?: string | null | undefined;
}

/**
 * Audio of the user.
 *
 * @category Conversation
 */
export interface InputAudioPart {
  /** Kind of content. */
  readonly type: "input_audio";
  /** Audio, base64, in the session's input format; only in the answer to `conversation.item.retrieve`. */
  readonly audio?: string | null | undefined;
  /** Transcript; null until transcribed. */
  readonly transcript?: string | null | undefined;
}

/**
 * Image of the user.
 *
 * @category Conversation
 */
export interface InputImagePart {
  /** Kind of content. */
  readonly type: "input_image";
  /** Image, PNG or JPEG, as a data URI. */
  readonly image_url?: string | null | undefined;
  /** How closely the image is looked at. */
  readonly detail?: OpenEnum<ImageDetail> | null | undefined;
}

/**
 * Text of the model.
 *
 * @category Conversation
 */
export interface OutputTextPart {
  /** Kind of content. */
  readonly type: "output_text";
  /** The text. */
  readonly text?: string | null | undefined;
}

/**
 * Speech of the model.
 *
 * @category Conversation
 */
export interface OutputAudioPart {
  /** Kind of content. */
  readonly type: "output_audio";
  /** Audio, base64, in the session's output format; only in the answer to `conversation.item.retrieve`. */
  readonly audio?: string | null | undefined;
  /** Transcript. */
  readonly transcript?: string | null | undefined;
}

/**
 * Text of the model, as the `response.content_part` events and some servers call it.
 *
 * @category Conversation
 */
export interface TextPart {
  /** Kind of content. */
  readonly type: "text";
  /** The text. */
  readonly text?: string | null | undefined;
}

/**
 * Speech of the model, as the `response.content_part` events and some servers call it.
 *
 * @category Conversation
 */
export interface AudioPart {
  /** Kind of content. */
  readonly type: "audio";
  /** Audio, base64, in the session's format. */
  readonly audio?: string | null | undefined;
  /** Transcript. */
  readonly transcript?: string | null | undefined;
}

/**
 * Content of a kind newer than this version.
 *
 * @category Conversation
 */
export type UnknownContentPart = UnknownKind;

/**
 * A piece of a message, of a kind this version knows.
 *
 * @category Conversation
 */
export type ContentPart =
  | InputTextPart
  | InputAudioPart
  | InputImagePart
  | OutputTextPart
  | OutputAudioPart
  | TextPart
  | AudioPart;

/**
 * How closely an image is looked at; auto is high.
 *
 * @category Conversation
 */
export type ImageDetail = "auto" | "low" | "high";

/**
 * Text to put into a message of the user or the system.
 *
 * @category Conversation
 */
export interface InputTextPartParam {
  /** Kind of content. */
  readonly type: "input_text";
  /** The text. */
  readonly text: string;
}

/**
 * Audio to put into a message of the user.
 *
 * @category Conversation
 */
export interface InputAudioPartParam {
  /** Kind of content. */
  readonly type: "input_audio";
  /** Audio, base64, in the session's input format. */
  readonly audio: string;
  /** Transcript, which is stored with the item but not shown to the model. */
  readonly transcript?: string | undefined;
}

/**
 * Image to put into a message of the user.
 *
 * @category Conversation
 */
export interface InputImagePartParam {
  /** Kind of content. */
  readonly type: "input_image";
  /** Image, PNG or JPEG, as a data URI. */
  readonly image_url: string;
  /**
   * How closely the image is looked at.
   *
   * @default {"auto"}
   */
  readonly detail?: ImageDetail | undefined;
}

/**
 * Text to put into a message of the model.
 *
 * @category Conversation
 */
export interface OutputTextPartParam {
  /** Kind of content. */
  readonly type: "output_text";
  /** The text. */
  readonly text: string;
}

/**
 * Speech in a message of the model, as a transcript: the API accepts no audio here.
 *
 * @category Conversation
 */
export interface OutputAudioPartParam {
  /** Kind of content. */
  readonly type: "output_audio";
  /** Audio, base64; refused by the API at the time of writing. */
  readonly audio?: string | undefined;
  /** Transcript. */
  readonly transcript?: string | undefined;
}

const KNOWN_TYPES: ReadonlySet<string> = /* @__PURE__ */ new Set<ContentPart["type"]>([
  "input_text",
  "input_audio",
  "input_image",
  "output_text",
  "output_audio",
  "text",
  "audio",
]);

/**
 * Whether a piece of a message is of a kind that this version knows.
 *
 * @category Conversation
 */
export function isKnownContentPart(part: { readonly type: string }): part is ContentPart {
  return KNOWN_TYPES.has(part.type);
}
