// This module is browser compatible.

/** How deep is looked for what is the same; what a server can nest has no bound. */
const MAX_DEPTH = 8;

/**
 * The value of `next`, made of those parts of `before` that are the same: a configuration that is reported again takes no
 * memory of its own. Both are JSON; `next` is changed.
 */
export function reuse(before: unknown, next: unknown, depth = MAX_DEPTH): unknown {
  if (typeof before !== "object" || typeof next !== "object" || !before || !next || depth === 0) return next;
  const old = before as Record<string, unknown>;
  const fields = next as Record<string, unknown>;
  const names = Object.keys(fields);
  let isSame = names.length === Object.keys(old).length && Array.isArray(before) === Array.isArray(next);
  for (const name of names) {
    if (Object.hasOwn(old, name)) fields[name] = reuse(old[name], fields[name], depth - 1);
    isSame &&= Object.hasOwn(old, name) && old[name] === fields[name];
  }
  return isSame ? before : next;
}
