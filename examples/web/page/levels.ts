import { find } from "./find.ts";

/** Shows a level from 0 to 1. */
export function meter(id: string, level: number): void {
  const percent = Math.min(100, Math.round(Math.sqrt(level) * 130));
  const box = find.node(id);
  box.style.setProperty("--level", String(percent / 100));
  if (box.getAttribute("aria-valuenow") !== String(percent)) box.setAttribute("aria-valuenow", String(percent));
}
