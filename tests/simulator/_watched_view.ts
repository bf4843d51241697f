import { assertEquals } from "@std/assert";
import type { ConversationEntry, Session } from "../../src/session/mod.ts";

/**
 * Checks every change of a session's conversation view: the changes applied to a list yield the snapshot, an item that
 * is not final only grows, a final one changes only when it is cut, and no item occurs twice.
 */
export function watchView(session: Session): { readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const list: ConversationEntry[] = [...session.conversation.getSnapshot()];
  session.conversation.subscribe(({ entry, index, type }) => {
    const place = list.findIndex(({ id }) => id === entry.id);
    const before = list[place];
    if (type === "added" ? before : !before) {
      mistakes.push(`${entry.id} is ${type}, and was ${before ? "" : "not "}there`);
    }
    if (type === "changed" && before) mistakes.push(...mistakesOf(before, entry));
    if (place >= 0) list.splice(place, 1);
    if (type !== "removed") list.splice(index, 0, entry);
  });
  session.on("*", ({ type }) => {
    try {
      assertEquals(list, [...session.conversation.getSnapshot()]);
    } catch {
      mistakes.push(`After ${type} the changes do not give the snapshot`);
    }
  });
  return { mistakes };
}

function mistakesOf(before: ConversationEntry, after: ConversationEntry): string[] {
  const mistakes: string[] = [];
  if (before === after) mistakes.push(`${after.id} has changed into itself`);
  if (before.final && !after.final) mistakes.push(`${after.id} is no longer final`);
  if (after.interrupted) return mistakes;
  // Only heardText may shrink; nothing else is ever taken back.
  if (before.final && before.text !== after.text) mistakes.push(`${after.id} was final and says something else`);
  const isSpeech = after.role === "user";
  if (!isSpeech && !after.text.startsWith(before.text)) mistakes.push(`${after.id} has taken back what it said`);
  return mistakes;
}
