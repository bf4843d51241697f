// This module is browser compatible.

/** Number of bytes that well-formed base64 decodes to, computed from its length and padding alone. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return base64.length / 4 * 3 - padding;
}
