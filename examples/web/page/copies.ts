import type { Captions } from "./captions.ts";
import type { EventsPane } from "./events_pane.ts";
import { find } from "./dom/find.ts";

/** Lets the user copy the conversation, or download it with its events. */
export function offerCopies(captions: Captions, events: EventsPane, onRefused: () => void): void {
  const copy = find.button("copy");
  copy.addEventListener("click", () => {
    const copying = async () => await navigator.clipboard.writeText(captions.text);
    copying().then(() => {
      copy.textContent = "Copied";
      setTimeout(() => copy.textContent = "Copy", 1500);
    }, onRefused);
  });
  find.button("download").addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([`${captions.text}\n\n${events.text}\n`], { type: "text/plain" }));
    Object.assign(document.createElement("a"), { href: url, download: "conversation.txt" }).click();
    URL.revokeObjectURL(url);
  });
}
