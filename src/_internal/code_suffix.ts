// This module is browser compatible.

/** An error and its causes, at most 10: an error may be its own cause. */
export function causesOf(error: unknown): readonly unknown[] {
  const causes = [];
  for (; error && causes.length < 10; error = (error as Error).cause) causes.push(error);
  return causes;
}

/**
 * The code of an error's deepest cause in parentheses, e.g. ` (ECONNREFUSED)`; empty if no cause has one, or `message`
 * contains it. Node.js says only "fetch failed", and puts the reason there.
 */
export function codeSuffix(error: unknown, message = ""): string {
  const codes = causesOf(error).map((cause) => (cause as { code?: unknown }).code);
  const code = codes.findLast((code) => typeof code === "string") ?? "";
  return message.includes(code as string) ? "" : ` (${code})`;
}
