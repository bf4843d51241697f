// This module is browser compatible.

/**
 * Returns the most similar of `names`, or `undefined` when none is similar enough. Case and separators are ignored, and
 * part of a name matches it: `baseURL` finds `baseUrl`, `api_key` finds `apiKey`, `timeout` finds `timeoutMs`.
 */
export function closestName(name: string, names: Iterable<string>): string | undefined {
  const wanted = normalize(name);
  let closest: string | undefined;
  let least = 1 + wanted.length / 4;
  for (const candidate of names) {
    const distance = distanceOf(wanted, normalize(candidate));
    // Among equally similar names, the first wins.
    if (distance < least) [closest, least] = [candidate, distance];
  }
  return closest;
}

/**
 * Number of characters of the longer name that have no counterpart in the other one; below 1 if one contains the other.
 * Apart from the common end, a counterpart is at most one character further on than expected.
 */
function distanceOf(a: string, b: string): number {
  let [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length > 2 && long.includes(short)) return 1 - short.length / long.length;
  while (short && short.at(-1) === long.at(-1)) [short, long] = [short.slice(0, -1), long.slice(0, -1)];
  let { length } = long;
  for (const character of short) {
    const step = long.slice(0, 2).indexOf(character) + 1;
    long = long.slice(step);
    if (step) length--;
  }
  return length;
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, "");
}
