import type { Failure, FailureAction } from "./failures.ts";
import { find } from "./dom/find.ts";

/** Shows one failure at a time, in a sentence with one action. */
export class FailureBox {
  #shown: Failure | undefined;

  /** @param act Does what the button of a failure promises. */
  constructor(act: (action: FailureAction) => void) {
    find.button("failure-action").addEventListener("click", () => this.#shown && act(this.#shown.action));
  }

  /** Shows a failure, in place of another one. */
  show(failure: Failure): void {
    this.#shown = failure;
    // The box appears before its text changes, as screen readers announce changes of what is there.
    find.node("failure").hidden = false;
    find.node("failure-text").textContent = failure.text;
    find.node("failure-action").textContent = failure.label;
    // On a phone, Start is always visible, but the box is not.
    find.node("failure").scrollIntoView({ block: "nearest" });
  }

  /** Hides any failure, or only a certain one. */
  hide(failure = this.#shown): void {
    if (failure !== this.#shown) return;
    this.#shown = undefined;
    find.node("failure").hidden = true;
  }
}
