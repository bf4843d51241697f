// This module is browser compatible.

/** Depth to which equal parts are reused; a server's nesting has no bound. */
const MAX_DEPTH = 8;

/**
 * Returns `next`, with equal parts replaced by those of `before`, so that a repeated configuration takes no additional
 * memory. Both are JSON; `next` is changed.
 */
export function reuse(before: unknown, next: unknown, depth = MAX_DEPTH): unknown {
  if (typeof before !== "object" || typeof next !== "object" || !before || !next || depth === 0) return next;
  const old = before as Record<string, unknown>;
  const fields = next as Record<string, unknown>;
  const names = Object.keys(fields);
  let isSame = names.length === Object.keys(old).length && Array.isArray(before) === Array.isArray(next);
  for (const name of names) {
    fields[name] = reuse(old[name], fields[name], depth - 1);
    isSame &&= old[name] === fields[name];
  }
  return isSame ? before : next;
}
