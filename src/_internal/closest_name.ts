// This module is browser compatible.

/**
 * Returns the most similar of `names`, or `undefined` when none is similar enough. Case and separators are ignored, and
 * part of a name matches it: `baseURL` finds `baseUrl`, `api_key` finds `apiKey`, `timeout` finds `timeoutMs`.
 */
export function closestName(name: string, names: Iterable<string>): string | undefined {
  const wanted = normalize(name);
  let closest: string | undefined;
  let least = 1 + Math.floor(wanted.length / 4);
  for (const candidate of names) {
    const distance = distanceOf(wanted, normalize(candidate));
    // Among equally similar names, the first wins.
    if (distance < least || (distance === least && closest === undefined)) [closest, least] = [candidate, distance];
  }
  return closest;
}

/** Number of characters between the common beginning and the common end; below 1 if one contains the other. */
function distanceOf(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length > 2 && long.includes(short)) return 1 - short.length / long.length;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end++;
  return long.length - start - end;
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, "");
}
