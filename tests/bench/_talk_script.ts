/** The user's question. */
export const QUESTION = "Would you please tell me one more of those facts of yours?";

/** Name of the tool of the conversation. */
export const TOOL = "get_weather";

/** A question that makes the model call the tool. */
export const QUESTION_FOR_TOOL = "What is the weather like in Oslo?";

/** The model's answers, about ten seconds each. */
export const FACTS: readonly string[] = [
  "Honey does not spoil. Pots of it that were found in tombs three thousand years old could still be eaten, they say, though few have tried it.",
  "An octopus has three hearts and blue blood. Two of the hearts stop when it swims, which is why it would much rather crawl along the ground.",
  "The shortest war of all lasted for less than an hour. It was over before most people in the city had even heard that it was about to begin.",
];
