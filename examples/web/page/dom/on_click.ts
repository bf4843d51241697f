import { find } from "./find.ts";

/** Adds a listener of clicks; the second click of a double click means nothing else than the first. */
export function onClick(id: string, listener: () => void): void {
  find.button(id).addEventListener("click", ({ detail }) => {
    if (detail < 2) listener();
  });
}
