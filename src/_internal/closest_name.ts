// This module is browser compatible.

/**
 * Returns the most similar of `names`, or `undefined` when none is similar enough. Case and separators are ignored, and
 * part of a name matches it: `baseURL` finds `baseUrl`, `api_key` finds `apiKey`, `timeout` finds `timeoutMs`.
 */
export function closestName(name: string, names: Iterable<string>): string | undefined {
  const wanted = normalize(name);
  let closest: string | undefined;
  let least = 1 + wanted.length / 6;
  for (const candidate of names) {
    const distance = distanceOf(wanted, normalize(candidate));
    // Among equally similar names, the first wins.
    if (distance < least) [closest, least] = [candidate, distance];
  }
  return closest;
}

/**
 * Number of characters of the longer name that the other one does not have, in any order; below 1 if one contains the
 * other.
 */
function distanceOf(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length > 2 && long.includes(short)) return 1 - short.length / long.length;
  let rest = long;
  for (const character of short) rest = rest.replace(character, "");
  return rest.length;
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, "");
}
