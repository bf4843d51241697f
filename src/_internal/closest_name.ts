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

function distanceOf(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length > 2 && long.includes(short) ? 1 - short.length / long.length : editDistance(a, b);
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, "");
}

/** Number of characters to insert, delete or replace in order to turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const character of a) {
    let diagonal = row[0]!++;
    for (let j = 0; j < b.length; j++) {
      const distance = Math.min(row[j]! + 1, row[j + 1]! + 1, diagonal + Number(character !== b[j]));
      [diagonal, row[j + 1]] = [row[j + 1]!, distance];
    }
  }
  return row[b.length]!;
}
