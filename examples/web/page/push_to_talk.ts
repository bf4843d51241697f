import { find } from "./dom/find.ts";

/** A button that the user holds while speaking: with the pointer, or with the space bar anywhere on the page. */
export class PushToTalk {
  readonly #button = find.button("talk");
  readonly #onChange: (isPressed: boolean) => void;

  constructor(onChange: (isPressed: boolean) => void) {
    this.#onChange = onChange;
    const button = this.#button;
    button.addEventListener("pointerdown", (event) => {
      // The others open a menu, behind which their end would be lost.
      if (event.button !== 0) return;
      button.setPointerCapture(event.pointerId);
      this.#set(true);
    });
    // A turn ends with the button, however it is released.
    for (const type of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
      button.addEventListener(type, () => this.release());
    }
    globalThis.addEventListener("blur", () => this.release());
    document.addEventListener("keyup", (event) => {
      if (event.code !== "Space") return;
      // In some browsers it would also click the button that has the focus.
      if (this.#isPressed) event.preventDefault();
      this.release();
    });
  }

  /** Shows or hides the button; a turn ends with it. */
  show(isShown: boolean): void {
    if (!isShown) this.release();
    this.#button.hidden = !isShown;
  }

  /** Presses the button; returns whether there is one. */
  press(): boolean {
    if (this.#button.hidden) return false;
    this.#set(true);
    return true;
  }

  release(): void {
    this.#set(false);
  }

  get #isPressed(): boolean {
    return this.#button.getAttribute("aria-pressed") === "true";
  }

  #set(isPressed: boolean): void {
    if (isPressed === this.#isPressed) return;
    this.#button.setAttribute("aria-pressed", String(isPressed));
    this.#onChange(isPressed);
  }
}
