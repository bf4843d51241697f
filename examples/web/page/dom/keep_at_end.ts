/** Distance from the end at which a list counts as scrolled to it, in pixels: about one row. */
const NEAR_PX = 60;

/** Changes a list. If its end is visible, the end stays visible; someone who reads earlier rows is left there. */
export function keepAtEnd(list: HTMLElement, change: () => void): void {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
  change();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}
