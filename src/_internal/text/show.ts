// This module is browser compatible.

/** The type of a value: that of JSON, or another result of `typeof`. */
export function typeName(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** The name of a type with its article. */
export function withArticle(type: string): string {
  return `${/^[ao]/.test(type) ? "an" : "a"} ${type}`;
}

/** A value as an error message may show it: short, and never a credential. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    if (/^(sk-|ek_|Bearer )/i.test(value)) return "a credential";
    return value.length > 60 ? `${JSON.stringify(`${value.slice(0, 60)}…`)} of ${value.length}` : JSON.stringify(value);
  }
  const type = typeName(value);
  return /^[afos]/.test(type) ? withArticle(type) : `${value}`;
}
