/** An origin as browsers write it, or a pattern of origins: `*` stands for letters, digits and hyphens of one label. */
const PATTERN = /^https?:\/\/[a-z\d*-]+(?:\.[a-z\d*-]+)*(?::\d{1,5})?$/;

/**
 * What matches an origin that is allowed; `undefined` for what is none. In a pattern two labels at its end are fixed, so
 * that no pattern allows a whole top-level domain. `null` is the origin of everyone without one.
 */
export function originPattern(allowed: unknown): RegExp | undefined {
  if (typeof allowed !== "string" || allowed === "null") return undefined;
  if (!allowed.includes("*")) {
    return URL.parse(allowed)?.origin === allowed ? new RegExp(`^${escape(allowed)}$`) : undefined;
  }
  const host = allowed.replace(/^https?:\/\//, "").replace(/:\d+$/, "");
  const fixed = host.split(".").slice(-2);
  if (!PATTERN.test(allowed) || fixed.length < 2 || host.split(".").length < 3 || fixed.join("").includes("*")) {
    return undefined;
  }
  return new RegExp(`^${allowed.split("*").map(escape).join("[a-z\\d](?:[a-z\\d-]*[a-z\\d])?")}$`);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
