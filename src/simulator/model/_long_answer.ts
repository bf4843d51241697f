// This module is browser compatible.

import { speechDurationMs } from "../speech.ts";

const LEAST_SECONDS = 20;
const MOST_SECONDS = 120;

const NUMBERS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  ninety: 90,
};
const DURATION = String.raw`\b(\d+|${Object.keys(NUMBERS).join("|")})[\s-]*(sec(?:ond)?s?|min(?:ute)?s?)\b`;
const ANY_DURATION = new RegExp(DURATION, "i");
const TALKING_DURATION = new RegExp(
  String.raw`\b(?:speak|talk|say|answer|reply|respond|continue|last)\w*\b[^.!?]{0,40}?${DURATION}`,
  "i",
);

const COUNT = String.raw`count(?:ing)?\b[^.!?]{0,25}\bto\b`;
const IN_DETAIL = String.raw`in(?: \w+)? detail|in[ -]depth|at (?:great )?length|in full`;
/** Requests length in any case. */
const CLEARLY_LONG = anyOf(
  COUNT,
  IN_DETAIL,
  "long|longer|lengthy|detailed|thorough(?:ly)?|comprehensive|extensive|everything",
  "keep (?:on )?(?:talking|speaking|going)|talk a lot",
  String.raw`\d{3,} words|\d{2,} sentences|\d+ paragraphs`,
);
/** Takes long to say, unless a short version is requested. */
const OFTEN_LONG = anyOf(
  "story|stories|tale|paragraphs?|essay|article|monologue|lecture|poem|recite",
  "explain|explanation|elaborate|step by step",
);
const SHORT = anyOf(
  "short|shortly|brief|briefly|concise|concisely|quick|few words|(?:one|single|two)[ -](?:sentence|word|line)s?",
);
/**
 * In instructions, the same words often refer to something else, so they count only together with an object that should
 * be long.
 */
const ORDERS_LENGTH = anyOf(
  COUNT,
  IN_DETAIL,
  String.raw`(?:long|longer|lengthy|detailed) (?:\w+ ){0,2}` +
    "(?:answers?|responses?|repl(?:y|ies)|stor(?:y|ies)|explanations?|messages?|speech|monologue|poem|essay)",
  String
    .raw`(?:tell|write|give|recite|read|speak)\b[^.!?]{0,30}\b(?:story|tale|essay|paragraphs|monologue|lecture|poem)`,
  String.raw`\d{3,} words|\d{2,} sentences|\d+ paragraphs`,
);

const NOT_WANTED = new RegExp(
  String.raw`(?:\b(?:not|never|no|avoid|without|nothing)|n['’]t)\b[^.!?,;]{0,30}?` +
    String.raw`\b(?:long|lengthy|detail|story|stories|essay|paragraph|explain|explanation|everything)\w*`,
  "gi",
);
const NOT_ABOUT_LENGTH = anyOf(
  "(?:how|as|so|too) long",
  "long(?:er)?[ -](?:term|distance|ago|since|as)",
  "long[ -]time ago|long-time",
);

const SENTENCES: readonly string[] = [
  "You asked for more than a sentence, so let me take my time.",
  "Early in the morning a small boat left the harbour with a cargo of letters.",
  "The wind came from the west, and the water was the colour of slate.",
  "On board were a captain, a cook, and a cat that nobody had invited.",
  "By noon they passed the lighthouse, whose keeper waved with both arms.",
  "The cook made soup with beans and thyme, and there was enough for everyone.",
  "In the afternoon the fog rolled in, and they steered by the sound of a bell.",
  "The captain counted the seconds between the strokes, and wrote them into a book.",
  "When the fog lifted, an island lay ahead that was not on any map.",
  "They found a garden there, a well with clear water, and a bench with a view.",
  "Someone had left a note that said to take what you need and to leave a letter.",
  "So they left one letter out of the cargo, and nobody ever missed it.",
  "At night the stars came out, and the cat fell asleep on the warm deck.",
];

/** Returns the seconds of speech that a user asks for, if that is a long answer. */
export function secondsAsked(text: string): number | undefined {
  const seconds = durationIn(text, ANY_DURATION);
  if (seconds !== undefined) return seconds;
  const wanted = text.replace(NOT_WANTED, " ").replace(NOT_ABOUT_LENGTH, " ");
  if (CLEARLY_LONG.test(wanted)) return LEAST_SECONDS;
  return OFTEN_LONG.test(wanted) && !SHORT.test(wanted) ? LEAST_SECONDS : undefined;
}

/** Returns the seconds of speech that instructions request, if they request long answers. */
export function secondsOrdered(instructions: string): number | undefined {
  const seconds = durationIn(instructions, TALKING_DURATION);
  if (seconds !== undefined) return seconds;
  const wanted = instructions.replace(NOT_WANTED, " ");
  return ORDERS_LENGTH.test(wanted) && !SHORT.test(wanted) ? LEAST_SECONDS : undefined;
}

/** Extends `opening` to a speech of `seconds`. */
export function longAnswer(opening: string, seconds: number): string {
  let text = opening;
  for (let i = 0; speechDurationMs(text) < seconds * 1000; i++) text += ` ${SENTENCES[i % SENTENCES.length]}`;
  return text;
}

function anyOf(...patterns: string[]): RegExp {
  return new RegExp(String.raw`\b(?:${patterns.join("|")})\b`, "i");
}

function durationIn(text: string, pattern: RegExp): number | undefined {
  const [, number = "", unit = ""] = pattern.exec(text) ?? [];
  const count = NUMBERS[number.toLowerCase()] ?? Number(number);
  const seconds = count * (/^m/i.test(unit) ? 60 : 1);
  // Less than ten seconds is an ordinary answer, and more likely about something else.
  return seconds >= 10 ? Math.min(Math.max(seconds, LEAST_SECONDS), MOST_SECONDS) : undefined;
}
