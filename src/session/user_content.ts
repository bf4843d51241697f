// This module is browser compatible.
import { encodeBase64 } from "../audio/base64.ts";
import { show } from "../_internal/text/show.ts";
import { isRecord } from "../_internal/wire.ts";
import type { ImageDetail, UserContentPartParam } from "../protocol/mod.ts";

/**
 * An image as bytes.
 *
 * @category Sessions
 */
export interface ImageBytesPart {
  /** Kind of content. */
  readonly type: "input_image";
  /** The image file, PNG or JPEG. */
  readonly image: Uint8Array;
  /**
   * Level of detail at which the image is processed.
   *
   * @default {"auto"}
   */
  readonly detail?: ImageDetail | undefined;
}

/**
 * The content of one message of the user: a text, or parts, which are texts, images and audio.
 *
 * @category Sessions
 */
export type UserContent = string | readonly (string | UserContentPartParam | ImageBytesPart)[];

/**
 * The content in the form of the wire.
 *
 * @throws {TypeError} when it is neither a text nor an array of parts, or an image is neither PNG nor JPEG.
 */
export function toUserContent(content: UserContent): readonly UserContentPartParam[] {
  const parts: unknown = typeof content === "string" ? [content] : content;
  if (!Array.isArray(parts)) throw notContent("content must be a string or an array of parts", content);
  for (const part of parts) {
    if (!isRecord(part) && typeof part !== "string") throw notContent("each part must be a string or an object", part);
  }
  return (parts as Exclude<UserContent, string>).map((part) => {
    if (typeof part === "string") return { type: "input_text", text: part };
    if (!("image" in part)) return part;
    const { image, ...rest } = part;
    return { ...rest, image_url: `data:${imageType(image)};base64,${encodeBase64(image)}` };
  });
}

function notContent(rule: string, value: unknown): TypeError {
  return new TypeError(`Cannot send a message as ${rule}: current value is ${show(value)}`);
}

function imageType(bytes: Uint8Array): string {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return "image/png";
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "image/jpeg";
  throw new TypeError("Cannot send an image that is neither PNG nor JPEG");
}
