// This module is browser compatible.

import type { Item, MessageItemBase, UserMessageItem } from "../../protocol/mod.ts";

/** Whether an item is a message of the user. */
export function isUserMessage(item: Item): item is UserMessageItem {
  return item.type === "message" && item.role === "user";
}

/** The text of a message, as far as it is known; `heard` replaces the transcripts of its audio. */
export function messageText({ content }: MessageItemBase, heard?: string): string {
  const texts = content.map((part) => {
    const text = "text" in part ? part.text : "transcript" in part ? heard ?? part.transcript : undefined;
    return typeof text === "string" ? text : "";
  });
  return texts.filter((text) => text !== "").join(" ");
}
