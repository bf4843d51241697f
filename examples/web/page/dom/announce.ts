/** Number of sentences that stay in the live region. */
const MAX_SENTENCES = 5;

/** Lets a screen reader say a sentence, also directly after another one: each is added to the live region. */
export function announce(region: HTMLElement, sentence: string): void {
  region.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  while (region.childElementCount > MAX_SENTENCES) region.firstElementChild!.remove();
}
