import { assert, assertEquals } from "@std/assert";
import type { Session } from "../../src/session/mod.ts";
import type { Item } from "../../src/protocol/mod.ts";
import type { Frame } from "./_fake_server.ts";

/** The server never makes two responses in the default conversation at the same time. */
export function checkOneAtATime(frames: readonly Frame[]): void {
  let active: string | undefined;
  for (const { from, type, response } of frames) {
    if (from !== "server" || !response || response.conversation_id === null) continue;
    if (type === "response.created") {
      assertEquals(active, undefined, `${response.id} began too early`);
      active = response.id;
    } else if (type === "response.done") {
      assertEquals(active, response.id, "Another response was active");
      active = undefined;
    }
  }
}

/**
 * The output of every call is followed by a response, but after an interruption, when the server did not take it, and when
 * neither the beginning nor the end of the response that called was heard.
 */
export function checkFollowUps(frames: readonly Frame[], heard: ReadonlySet<string>): void {
  const isOutput = ({ from, type, item }: Frame) =>
    from === "client" && type === "conversation.item.create" && item.type === "function_call_output";
  const last = frames.findLastIndex((frame) => isOutput(frame) && !/interrupted/.test(frame.item.output));
  if (last < 0) return;
  const { event_id, item: { call_id } } = frames[last]!;
  const ended = frames.find(({ type, response }) =>
    type === "response.done" && response.output.some((item: Frame) => item.call_id === call_id)
  );
  const isCancelled = frames.some(({ from, type, response_id }) =>
    from === "client" && type === "response.cancel" && response_id === ended?.response.id
  );
  const isRefused = frames.some(({ error }) => error?.event_id === event_id);
  const isUnknown = ended && !heard.has(ended.response.id);
  // What waits behind another response is taken back by an interruption.
  const isInterrupted = ended && frames.slice(frames.indexOf(ended)).some(({ type }) => type === "interruption");
  if (ended?.response.status === "cancelled" || isCancelled || isRefused || isUnknown || isInterrupted) return;
  const follows = frames.slice(last).some(({ type }) => type === "response.create" || type === "response.created");
  assert(follows, `Nothing follows the output of ${call_id}`);
}

/** The client's conversation is the server's: the same items in the same order, with the same words. */
export function checkConversation(session: Session, items: readonly Item[]): void {
  const entries = session.conversation.getSnapshot();
  for (const { final, id } of entries) assert(final, `${id} is not final`);
  // The server forgets the words of what was interrupted; the client does not.
  const cut = new Set(entries.filter(({ interrupted }) => interrupted).map(({ id }) => id));
  const summary = (item: Item, text: string) => `${item.id} ${item.type} ${cut.has(item.id ?? "") ? "" : text}`;
  assertEquals(
    entries.map(({ item, text }) => summary(item as Item, text)),
    items.map((item) => summary(item, wordsOf(item))),
    "Conversations differ",
  );
}

function wordsOf(item: Item): string {
  if (item.type === "function_call") return item.arguments ?? "";
  if (item.type === "function_call_output") return item.output;
  const parts: readonly Frame[] = item.type === "message" ? item.content ?? [] : [];
  return parts.map(({ text, transcript }) => text ?? transcript ?? "").join("\n");
}
