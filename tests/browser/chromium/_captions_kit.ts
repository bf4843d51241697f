// The captions of the demo page over a conversation that a test writes: `globalThis.kit.showCaptions`.
import type { ConversationEntry } from "@oai-rt/edge";
import { Captions } from "../../../examples/web/page/captions.ts";
import { keepAtEnd } from "../../../examples/web/page/dom/keep_at_end.ts";

/** Shows a conversation; `write` replaces its entries, and `announced` returns what a screen reader would say. */
function showCaptions(): { write(...entries: ConversationEntry[]): void; announced(): (string | null)[] } {
  const [list, announcer] = [document.createElement("ol"), document.createElement("div")];
  document.body.append(list, announcer);
  let entries: readonly ConversationEntry[] = [];
  let notify = () => {};
  new Captions(list, announcer).show({
    getSnapshot: () => entries,
    subscribe: (listener) => {
      notify = () => listener({ type: "changed", entry: entries[0]!, index: 0 });
      return () => {};
    },
    export: () => [],
  });
  return {
    write(...next) {
      entries = next;
      notify();
    },
    announced: () => [...announcer.children].map(({ textContent }) => textContent),
  };
}

const kit = { keepAtEnd, showCaptions };

/** The type of `globalThis.kit`. */
export type CaptionsKit = typeof kit;

Object.assign(globalThis, { kit });
