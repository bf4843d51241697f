// The hook of the README in a page: `globalThis.showConversation` draws a session with it.
import type { ConversationEntry, Session } from "@oai-rt/edge";
import { createElement, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import * as browser from "@oai-rt/edge/browser";

/** The hook, as the README has it. */
export function useConversation(session: Session): readonly ConversationEntry[] {
  const { getSnapshot, subscribe } = session.conversation;
  return useSyncExternalStore(subscribe, getSnapshot);
}

let renders = 0;

function Conversation({ session }: { readonly session: Session }) {
  renders++;
  const entries = useConversation(session);
  return createElement("ol", null, ...entries.map(({ id, text }) => createElement("li", { key: id }, text)));
}

/** Draws a conversation into an element. */
function showConversation(session: Session, element: HTMLElement): { unmount(): void; readonly renders: number } {
  const root = createRoot(element);
  root.render(createElement(Conversation, { session }));
  return {
    unmount: () => root.unmount(),
    get renders() {
      return renders;
    },
  };
}

const kit = { ...browser, showConversation };

/** The type of `globalThis.kit`. */
export type ReactKit = typeof kit;

Object.assign(globalThis, { kit });
