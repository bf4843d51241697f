// This module is browser compatible.

/** Takes secrets out of a text. Returns the same string when there are none in it. */
export type StripSecrets = (text: string) => string;

/** What stands in place of a secret. */
export const STRIPPED = "[API key]";

/** Fewest characters of a secret that no ordinary text contains by chance, unless it has the prefix of a key. */
const MIN_TELLING = 8;

/** Fewest characters of base64 that are taken for a secret. */
const MIN_BASE64 = 10;

/**
 * Whether a secret may be stripped from words of a conversation. A local server's key such as `test` may not: it would
 * take words out of what people say.
 */
export function isTelling(secret: string): boolean {
  return secret.length >= MIN_TELLING || /^(?:sk-|ek_)./.test(secret);
}

/**
 * Makes a function that takes secrets out of texts: as they are; escaped character by character as JSON (`\u0073`), URLs
 * (`%73`) and HTML (`&#115;`) do it, also twice; and in base64. A text without any of these is scanned, not copied.
 */
export function secretStripper(secrets: readonly (string | undefined)[]): StripSecrets {
  const known = [...new Set(secrets.map((secret) => secret?.trim() ?? ""))].filter((secret) => secret !== "")
    // A secret that contains another one has to go first.
    .sort((a, b) => b.length - a.length);
  if (known.length === 0) return (text) => text;
  const plain = known.flatMap((secret) => [secret, ...inBase64(secret)]);
  let escaped: RegExp | undefined;
  return (text) => {
    for (const word of plain) if (text.includes(word)) text = text.replaceAll(word, STRIPPED);
    if (!text.includes("\\") && !text.includes("%") && !text.includes("&")) return text;
    return text.replace(escaped ??= new RegExp(known.map(escapedPattern).join("|"), "g"), STRIPPED);
  };
}

/** The parts of base64 and base64url that do not depend on what stands before and after a secret. */
function inBase64(secret: string): readonly string[] {
  const bytes = Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join("");
  return [0, 1, 2].flatMap((offset) => {
    const whole = btoa("\0".repeat(offset) + bytes).replace(/=+$/, "");
    const isPartial = (offset + bytes.length) % 3 !== 0;
    const part = whole.slice(Math.ceil(offset * 8 / 6), isPartial ? -1 : undefined);
    if (part.length < MIN_BASE64) return [];
    return [...new Set([part, part.replaceAll("+", "-").replaceAll("/", "_")])];
  });
}

/** A pattern of a secret in which every character may be escaped. Percent signs and ampersands may be so themselves. */
function escapedPattern(secret: string): string {
  return Array.from(secret, (character) => {
    const code = character.charCodeAt(0);
    const literal = character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
    const slashed = /[/"]/.test(character) ? `\\\\*${literal}` : literal;
    const hex = code.toString(16).padStart(2, "0").replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
    return `(?:${slashed}|\\\\+(?:u00|x)${hex}|%(?:25)*${hex}|&(?:amp;)*#(?:[xX]0*${hex}|0*${code});)`;
  }).join("");
}

/** How deep an error is searched. */
const MAX_DEPTH = 10;

/**
 * Takes secrets out of a value of any shape: of an error, its message, stack, properties and causes. Gives back the same
 * object when there are none in it; an error with one keeps its identity wherever its properties can be changed.
 */
export function withoutSecrets(value: unknown, strip: StripSecrets): unknown {
  return clean(value, strip, new Set(), 0);
}

function clean(value: unknown, strip: StripSecrets, seen: Set<object>, depth: number): unknown {
  if (typeof value === "string") return strip(value);
  if (typeof value !== "object" || value === null || seen.has(value) || depth > MAX_DEPTH) return value;
  seen.add(value);
  const go = (inner: unknown) => clean(inner, strip, seen, depth + 1);
  if (value instanceof DOMException) {
    const message = strip(value.message);
    return message === value.message ? value : new DOMException(message, value.name);
  }
  if (value instanceof Error) return cleanError(value, go);
  if (value instanceof URL) return strip(value.href) === value.href ? value : strip(value.href);
  let isSame = true;
  const changed = Object.entries(value).map(([name, inner]) => {
    const entry = [`${go(name)}`, go(inner)] as const;
    isSame &&= entry[0] === name && entry[1] === inner;
    return entry;
  });
  if (isSame) return value;
  return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
}

function cleanError(error: Error, go: (value: unknown) => unknown): Error {
  for (const name of Object.getOwnPropertyNames(error)) {
    const before: unknown = Reflect.get(error, name);
    const after = go(before);
    if (after === before) continue;
    const isSet = Reflect.defineProperty(error, name, { value: after, configurable: true, writable: true });
    // A frozen error cannot be mended.
    if (!isSet) {
      return Object.assign(new Error(`${go(error.message)}`, { cause: go(error.cause) }), { name: error.name });
    }
  }
  return error;
}
