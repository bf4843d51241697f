/**
 * An origin in the spelling of browsers, or a pattern of origins: `*` stands for letters, digits and hyphens of one
 * label.
 */
const PATTERN = /^https?:\/\/[a-z\d*-]+(?:\.[a-z\d*-]+)*(?::\d{1,5})?$/;

/**
 * Converts an allowed origin to a pattern; `undefined` when it is invalid. The last two labels of a pattern are fixed,
 * so that it cannot allow a whole top-level domain. `null`, the origin of any sandboxed page, is invalid.
 */
export function originPattern(allowed: unknown): RegExp | undefined {
  if (typeof allowed !== "string") return undefined;
  if (!allowed.includes("*")) {
    return URL.parse(allowed)?.origin === allowed ? new RegExp(`^${escape(allowed)}$`) : undefined;
  }
  const host = allowed.replace(/^https?:\/\//, "").replace(/:\d+$/, "");
  if (!PATTERN.test(allowed) || host.split(".").slice(-2).join("").includes("*")) return undefined;
  return new RegExp(`^${allowed.split("*").map(escape).join("[a-z\\d](?:[a-z\\d-]*[a-z\\d])?")}$`);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
