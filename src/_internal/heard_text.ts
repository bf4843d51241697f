// This module is browser compatible.

/**
 * Estimates which words were heard, assuming that every letter takes the same time. Returns whole words only, and all
 * of them only when everything was heard.
 */
export function heardText(text: string, heardMs: number, receivedMs: number): string {
  if (heardMs <= 0) return "";
  if (heardMs >= receivedMs) return text;
  const end = Math.floor(text.length * heardMs / receivedMs);
  const part = text.slice(0, end);
  // Some scripts have no spaces between words.
  if (/\s/.test(text[end] ?? "") || !/\s/.test(text)) return part.trimEnd();
  return part.slice(0, Math.max(0, part.search(/\s\S*$/))).trimEnd();
}
