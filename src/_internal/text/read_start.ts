// This module is browser compatible.

/** Reads at most `maxCharacters` characters of a body as text, and cancels the rest. */
export async function readStart({ body }: Response, maxCharacters: number): Promise<string> {
  // Streams are not iterable in every browser.
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader && text.length < maxCharacters) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  // An error while cancelling does not matter, as the source is no longer used.
  reader?.cancel().catch(() => {});
  return text.slice(0, maxCharacters);
}
