// This module is browser compatible.

/**
 * The one of `names` that someone who wrote `name` probably meant, or `undefined` when none is close. Case and separators do
 * not count, and a part of a name is close to it: `baseURL` finds `baseUrl`, `api_key` finds `apiKey`, `timeout` finds
 * `timeoutMs`.
 */
export function closestName(name: string, names: Iterable<string>): string | undefined {
  const wanted = normalize(name);
  let closest: string | undefined;
  let least = 1 + Math.floor(wanted.length / 4);
  for (const candidate of names) {
    const given = normalize(candidate);
    const [short, long] = wanted.length < given.length ? [wanted, given] : [given, wanted];
    const isPart = short.length > 2 && long.includes(short);
    const distance = wanted === given ? -1 : isPart ? 1 - short.length / long.length : editDistance(wanted, given);
    // The first of several that are equally close wins.
    if (distance < least || (distance === least && closest === undefined)) [closest, least] = [candidate, distance];
  }
  return closest;
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, "");
}

/** How many characters have to be inserted, deleted or replaced to turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
