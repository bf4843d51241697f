import { find } from "./dom/find.ts";
import type { CallState } from "./state.ts";
import type { Talk } from "./talk/talk.ts";

const { button, input, node } = find;

/** What the controls depend on. */
export interface CallViewInput {
  readonly state: CallState;
  readonly controller: Talk["controller"] | undefined;
  readonly isPushToTalk: boolean;
  readonly hasCaptions: boolean;
}

/** Shows the state of a call in words, and which controls it allows. */
export class CallView {
  #shown = "";

  /** Shows the current state; idempotent. Most events change nothing here, and writing the same text would redraw the page. */
  show({ controller, hasCaptions, isPushToTalk, state }: CallViewInput): void {
    const { isBusy, isLive, muted, name, text } = state;
    const shown = JSON.stringify([controller, hasCaptions, isPushToTalk, isBusy, isLive, muted, name, text]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const isOurs = controller !== "server";
    const isOpen = isLive && isOurs;
    document.body.dataset.state = name;
    if (node("state").textContent !== text) node("state").textContent = text;
    label("start", isBusy ? "Hang up" : "Start");
    button("start").classList.toggle("danger", isBusy);
    button("mute").disabled = !isLive || isPushToTalk;
    // Its name stays: a screen reader would otherwise say "Unmute, pressed".
    button("mute").setAttribute("aria-pressed", String(muted));
    button("interrupt").disabled = !isOpen;
    input("words").disabled = button("send").disabled = !isOpen;
    input("words").placeholder = isLive && !isOurs ? "The server is in control" : "Type a message…";
    node("controller").hidden = !isLive;
    node("controller").textContent = isOurs ? "Page in control" : "Server in control";
    node("clock").hidden = !isLive;
    button("copy").disabled = button("download").disabled = !hasCaptions;
  }
}

function label(id: string, text: string): void {
  button(id).querySelector(".label")!.textContent = text;
}
