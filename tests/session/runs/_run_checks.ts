import { assert, assertEquals } from "@std/assert";
import type { Session } from "../../../src/session/mod.ts";
import type { Item } from "../../../src/protocol/mod.ts";
import type { Frame } from "../_fake_server.ts";

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
 * The output of every call is followed by a response, except after an interruption, when the server did not accept the
 * output (or appeared not to), when both the start and the end of the calling response were lost, and after the last
 * round of tools.
 */
export function checkFollowUps(
  frames: readonly Frame[],
  heard: ReadonlySet<string>,
  undelivered: ReadonlySet<string>,
): void {
  const isOutput = ({ from, type, item }: Frame) =>
    from === "client" && type === "conversation.item.create" && item.type === "function_call_output";
  const last = frames.findLastIndex((frame) => isOutput(frame) && !/interrupted/.test(frame.item.output));
  if (last < 0) return;
  const { event_id, item: { call_id } } = frames[last]!;
  if (undelivered.has(call_id)) return;
  const ended = frames.find(({ type, response }) =>
    type === "response.done" && response.output.some((item: Frame) => item.call_id === call_id)
  );
  const isCancelled = frames.some(({ from, type, response_id }) =>
    from === "client" && type === "response.cancel" && response_id === ended?.response.id
  );
  const isRefused = frames.some(({ error }) => error?.event_id === event_id);
  const isUnknown = ended && !heard.has(ended.response.id);
  // After an interruption the next turn is the user's, although the response was not cancelled any more.
  const began = frames.findIndex(({ type, response }) =>
    type === "response.created" && response.id === ended?.response.id
  );
  const isInterrupted = ended && frames.slice(Math.max(0, began)).some(({ type }) => type === "interruption");
  if (ended?.response.status === "cancelled" || isCancelled || isRefused || isUnknown || isInterrupted) return;
  const follows = frames.slice(last).some(({ type }) =>
    type === "response.create" || type === "response.created" || type === "tool_rounds_exceeded"
  );
  assert(follows, `Nothing follows the output of ${call_id}`);
}

/**
 * The client sends no more events of a type than were requested. It may also repeat response requests that were refused
 * as the slot was taken, and request one response after the outputs of each response that called tools; it sends one
 * output for each call.
 */
export function checkNothingUnrequested(frames: readonly Frame[], requested: ReadonlyMap<string, number>): void {
  const sent = frames.filter(({ from }) => from === "client");
  const outputs = sent.filter(({ item }) => item?.type === "function_call_output");
  const calls = outputs.map(({ item }) => item.call_id);
  assertEquals(calls.length, new Set(calls).size, "A call was answered twice");
  const refused = frames.filter(({ error }) => error?.code === "conversation_already_has_active_response").length;
  const callers = frames.filter(({ type, response }) =>
    type === "response.done" && response.output.some((item: Frame) => calls.includes(item.call_id))
  );
  const extra: Record<string, number> = {
    "response.create": refused + new Set(callers.map(({ response }) => response.id)).size,
    "conversation.item.create": outputs.length,
    // An abandoned response, or an interrupted follow-up, may still be created.
    "response.cancel": frames.filter(({ type }) => type === "interruption").length,
  };
  for (const type of new Set(sent.map((event) => event.type).filter((type) => type !== "interruption"))) {
    const most = (requested.get(type) ?? 0) + (extra[type] ?? 0);
    const count = sent.filter((event) => event.type === type).length;
    assert(count <= most, `${type} was sent ${count} times, and requested ${most} times`);
  }
}

/** Checks a session's views after every event. */
export function watchViews(session: Session): { readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const ended = new WeakSet<object>();
  const known = new WeakSet<object>();
  const finalTexts = new Map<string, string>();
  session.on("*", ({ type }) => {
    const { activeResponse } = session;
    if (activeResponse && ended.has(activeResponse)) mistakes.push(`${activeResponse.id} is active at ${type}`);
    if (activeResponse && !known.has(activeResponse)) {
      known.add(activeResponse);
      void activeResponse.done.then(() => ended.add(activeResponse));
    }
    const entries = session.conversation.getSnapshot();
    if (new Set(entries.map(({ id }) => id)).size < entries.length) mistakes.push(`An item is there twice at ${type}`);
    for (const { final, id, interrupted, text } of entries) {
      const before = finalTexts.get(id);
      if (before !== undefined && before !== text && !interrupted) mistakes.push(`${id} changed at ${type}`);
      if (final) finalTexts.set(id, text);
    }
  });
  return { mistakes };
}

/** The client's conversation is the server's: the same items in the same order, with the same words. */
export function checkConversation(session: Session, items: readonly Item[]): void {
  const entries = session.conversation.getSnapshot();
  for (const { final, id } of entries) assert(final, `${id} is not final`);
  // The server forgets the words of an interrupted message; the client does not.
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
