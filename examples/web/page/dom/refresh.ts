/** Time for which changes are collected, in milliseconds. */
const COLLECT_MS = 100;

const waiting = new Set<() => void>();

/**
 * Shows a change soon, together with those of other lists: each time that the page is laid out takes longer than what has
 * changed. Not by animation frames, which a hidden page does not have.
 */
export function refreshSoon(show: () => void): void {
  if (waiting.size === 0) setTimeout(refresh, COLLECT_MS);
  waiting.add(show);
}

function refresh(): void {
  const shows = [...waiting];
  waiting.clear();
  for (const show of shows) show();
}
