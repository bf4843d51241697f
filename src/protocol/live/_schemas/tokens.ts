// This module is browser compatible.

/** Length of the longest token of OpenAI's tokenizers, in characters. */
const LONGEST_TOKEN = 128;

/**
 * Lower bound of the number of tokens of a text, for any tokenizer: none joins words, and none has a token longer than
 * {@linkcode LONGEST_TOKEN} characters. The server certainly rejects a text that exceeds a limit by this number.
 */
export function fewestTokens(text: string): number {
  let tokens = 0;
  for (const [word] of text.matchAll(/\S+/g)) tokens += Math.ceil(word.length / LONGEST_TOKEN);
  return tokens;
}
