// This module is browser compatible.

/** Removes secrets from a text. Returns the same string when it contains none. */
export type StripSecrets = (text: string) => string;

/** Placeholder for a removed secret. */
export const STRIPPED = "[API key]";

/**
 * Length from which a secret cannot occur in ordinary text by chance, in characters, unless it has the prefix of a key.
 */
const MIN_TELLING = 8;

/** Shortest base64 text that is treated as a secret, in characters. */
const MIN_BASE64 = 10;

/**
 * Whether a secret may be stripped from the words of a conversation. The key of a local server, such as `test`, may
 * not: it is an ordinary word.
 */
export function isTelling(secret: string): boolean {
  return secret.length >= MIN_TELLING || /^(?:sk-|ek_)./.test(secret);
}

/**
 * Creates a function that removes secrets from texts: verbatim; with characters escaped as in JSON (`\u0073`), URLs
 * (`%73`) or HTML (`&#115;`), once or several times; and in base64. A text without secrets is scanned but not copied.
 */
export function secretStripper(secrets: readonly (string | undefined)[]): StripSecrets {
  const known = secrets.map((secret) => secret?.trim() ?? "").filter(Boolean)
    // A secret that contains another one must be removed first.
    .sort((a, b) => b.length - a.length);
  if (known.length === 0) return (text) => text;
  const plain = new Set(known.flatMap((secret) => [secret, ...inBase64(secret)]));
  let escaped: RegExp | undefined;
  return (text) => {
    for (const word of plain) text = text.replaceAll(word, STRIPPED);
    if (!/[\\%&]/.test(text)) return text;
    return text.replace(escaped ??= new RegExp(known.map(escapedPattern).join("|"), "g"), STRIPPED);
  };
}

/** The parts of base64 and base64url that do not depend on the text around a secret. */
function inBase64(secret: string): readonly string[] {
  const bytes = String.fromCharCode(...new TextEncoder().encode(secret));
  // The first characters also depend on the bytes in front, and the last one on those behind.
  return [0, 1, 2].map((offset) => btoa("\0".repeat(offset) + bytes).slice(offset && offset + 1).replace(/.=+$/, ""))
    .filter(({ length }) => length >= MIN_BASE64)
    .flatMap((part) => [part, part.replaceAll("+", "-").replaceAll("/", "_")]);
}

/**
 * A pattern that matches a secret in which any character may be escaped, including the percent signs and ampersands of
 * an escape. The number of backslashes has a bound, that of JSON four times inside JSON: without one, a search would take
 * a time that grows with the square of a row of them.
 */
function escapedPattern(secret: string): string {
  return Array.from(secret, (character) => {
    const code = character.charCodeAt(0);
    const literal = character.replace(/\W/, "\\$&");
    const digits = code.toString(16);
    const hex = `(?:${digits}|${digits.toUpperCase()})`;
    return `(?:\\\\{0,8}(?:${literal}|(?:u00|x)${hex})|%(?:25)*${hex}|&(?:amp;)*#(?:[xX]0*${hex}|0*${code});)`;
  }).join("");
}

/** Maximum depth to which an error is searched. */
const MAX_DEPTH = 10;

/**
 * Removes secrets from a value of any shape; in an error, from its message, stack, properties and causes. Returns the
 * same object when it contains none. An error with a secret keeps its identity if its properties can be changed.
 * `seen` and `depth` are for its own calls only.
 */
export function withoutSecrets(value: unknown, strip: StripSecrets, seen = new Set<object>(), depth = 0): unknown {
  if (typeof value === "string") return strip(value);
  if (typeof value !== "object" || value === null || seen.has(value) || depth > MAX_DEPTH) return value;
  seen.add(value);
  const go = (inner: unknown) => withoutSecrets(inner, strip, seen, depth + 1);
  if (value instanceof Error) return cleanError(value, go);
  if (value instanceof URL) return strip(value.href) === value.href ? value : strip(value.href);
  let isSame = true;
  const changed = Object.entries(value).map(([name, inner]) => {
    const entry = [strip(name), go(inner)] as const;
    isSame &&= entry[0] === name && entry[1] === inner;
    return entry;
  });
  if (isSame) return value;
  return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
}

function cleanError(error: Error, go: (value: unknown) => unknown): Error {
  // A DOMException inherits its message.
  for (const name of ["message", ...Object.getOwnPropertyNames(error)]) {
    const before: unknown = error[name as keyof Error];
    const after = go(before);
    // A frozen error cannot be changed.
    if (after !== before && !Reflect.defineProperty(error, name, { value: after, writable: true })) {
      return Object.assign(new Error(go(error.message) as string, { cause: go(error.cause) }), { name: error.name });
    }
  }
  return error;
}
