// This module is browser compatible.

/** Most characters of a openEnum that tokenizers of OpenAI make one token of. */
const LONGEST_TOKEN = 128;

/**
 * The fewest tokens that a text can have, whatever the tokenizer: none joins words, and none has a token that is longer
 * than {@linkcode LONGEST_TOKEN} characters. A text over a limit by this number is refused by the server for certain.
 */
export function fewestTokens(text: string): number {
  let tokens = 0;
  for (const [word] of text.matchAll(/\S+/g)) tokens += Math.ceil(word.length / LONGEST_TOKEN);
  return tokens;
}
