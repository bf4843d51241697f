// This module is browser compatible.

/**
 * Refuses options that do not exist, naming the nearest one that does. `action` completes the sentence "Cannot …".
 *
 * @throws {TypeError} when there is one.
 */
export function assertKnownOptions(action: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = known.map((each) => ({ each, distance: distanceBetween(name.toLowerCase(), each.toLowerCase()) }))
      .sort((a, b) => a.distance - b.distance)[0];
    const hint = nearest && nearest.distance <= 3 ? `: did you mean ${nearest.each}?` : "";
    throw new TypeError(`Cannot ${action} as the option ${name} is unknown${hint}`);
  }
}

/** How many letters must be inserted, removed or replaced to make one word of another. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
