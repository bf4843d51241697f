import { find } from "./dom/find.ts";

const orb = document.querySelector<HTMLElement>(".orb")!;

/** Shows the levels of both sides, from 0 to 1. Writing the same value would redraw the page as well. */
export function showLevels(input: number, output: number): void {
  meter("input-meter", input);
  meter("output-meter", output);
  setLevel(orb, Math.min(1, Math.max(input, output) * 4).toFixed(2));
}

function meter(id: string, level: number): void {
  const percent = Math.min(100, Math.round(Math.sqrt(level) * 130));
  const box = find.node(id);
  if (setLevel(box, String(percent / 100))) box.setAttribute("aria-valuenow", String(percent));
}

/** Sets a level for the style sheet; returns whether it is another one. */
function setLevel({ style }: HTMLElement, level: string): boolean {
  if (style.getPropertyValue("--level") === level) return false;
  style.setProperty("--level", level);
  return true;
}
