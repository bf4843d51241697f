// This module is browser compatible.

/** A stretch of simulated speech in which the mouth does one thing. */
export interface SpeechSound {
  /** Duration in milliseconds. */
  readonly ms: number;
  /** Strength of the voice, 0 to 1. */
  readonly voice: number;
  /** Strength of the noise, 0 to 1. */
  readonly noise: number;
  /** Middle of the noise in hertz. */
  readonly noiseHz: number;
  /** Resonances of the mouth in hertz, lowest first. */
  readonly formants: Formants;
  /** Pitch relative to the speaker's own. */
  readonly pitch: number;
}

type Formants = readonly [number, number, number];
/** Share of a character's time, voice, noise, middle of the noise, resonances. */
type Shape = readonly [time: number, voice: number, noise: number, noiseHz: number, formants: Formants];

const NEUTRAL: Formants = [500, 1500, 2500];
const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const VOWELS: Readonly<Record<string, Formants>> = {
  a: [730, 1090, 2440],
  e: [530, 1840, 2480],
  i: [300, 2250, 2950],
  o: [570, 840, 2410],
  u: [330, 900, 2250],
};

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/(\p{L})\1/gu, "$1"],
  [/ph/g, "f"],
  [/ck|q/g, "k"],
  [/sh|ti(?=on)/g, "ʃ"],
  [/t?ch/g, "tʃ"],
  [/th/g, "θ"],
  [/e[ae]|ie/g, "i"],
  [/o[ou]/g, "u"],
  [/a[iy]/g, "ei"],
  [/x/g, "ks"],
  [/y(?![aeiou])/g, "i"],
  [/(?<=\p{L}{2}[^aeiou\P{L}])e(?!\p{L})/gu, ""],
];

const CONSONANTS: Readonly<Record<string, readonly Shape[]>> = {
  ...stops("p b", 900, [400, 1000, 2300]),
  ...stops("t d", 3800, [400, 1700, 2600]),
  ...stops("k g c", 2000, [350, 2000, 2400]),
  ...hisses("s z", 6200, 0.5),
  ...hisses("ʃ j", 3000, 0.5),
  ...hisses("f v", 7000, 0.22),
  ...hisses("θ", 6600, 0.2),
  h: [[0.7, 0, 0.2, 1500, NEUTRAL]],
  m: [[0.9, 0.5, 0, 0, [280, 1000, 2200]]],
  n: [[0.9, 0.5, 0, 0, [280, 1600, 2500]]],
  l: [[0.8, 0.6, 0, 0, [360, 1200, 2700]]],
  r: [[0.8, 0.6, 0, 0, [420, 1250, 1650]]],
  w: [[0.8, 0.6, 0, 0, [310, 700, 2200]]],
  y: [[0.8, 0.6, 0, 0, [290, 2200, 2900]]],
};

const SYLLABIC = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const ENDINGS = "m n l r s t k d".split(" ");

/** Reads a text as sounds: letters roughly as in English, other scripts as arbitrary syllables. */
export function speechSounds(text: string, charactersPerSecond: number): SpeechSound[] {
  const letterMs = 1170 / charactersPerSecond; // silent letters give their time to the others
  const sentences = text.match(/[^.!?。！？\n]+[.!?。！？\n]*/gu) ?? [];
  return sentences.flatMap((sentence, index) => {
    const shapes = sentenceShapes(sentence, index === sentences.length - 1);
    const asks = /[?？]/.test(sentence);
    return shapes.map(([time, voice, noise, noiseHz, formants], position): SpeechSound => {
      const along = position / shapes.length;
      const rise = asks && along > 0.8 ? 1.6 * (along - 0.8) : 0;
      const melody = 0.06 * Math.sin(position * 0.55 + index);
      return { ms: time * letterMs, voice, noise, noiseHz, formants, pitch: 1.12 - 0.24 * along + rise + melody };
    });
  });
}

function sentenceShapes(sentence: string, isLast: boolean): Shape[] {
  const spelled = sentence.replace(/\d/g, (digit) => ` ${DIGITS[Number(digit)]} `).normalize("NFD")
    .replace(/\p{M}/gu, "").normalize("NFC").toLowerCase();
  const letters = SPELLINGS.reduce((text, [from, to]) => text.replace(from, to), spelled);
  const shapes: Shape[] = [];
  for (const letter of letters) shapes.push(...letterShapes(letter));
  while (shapes.length > 0 && isPause(shapes[shapes.length - 1])) shapes.pop();
  if (shapes.length > 0) shapes.push(pause(isLast ? 0.8 : 4.5));
  return shapes;
}

function letterShapes(letter: string): readonly Shape[] {
  const known = CONSONANTS[letter];
  if (known !== undefined) return known;
  const vowel = VOWELS[letter];
  if (vowel !== undefined) return [vowelShape(vowel)];
  if (/[,;:،、，—–]/u.test(letter)) return [pause(2)];
  if (!/\p{L}/u.test(letter)) return /[\s-]/.test(letter) ? [pause(0.35)] : [];
  const code = letter.codePointAt(0) ?? 0;
  const voiced = vowelShape(Object.values(VOWELS)[code % 5] ?? NEUTRAL);
  if (SYLLABIC.test(letter)) return [...CONSONANTS[ENDINGS[code % 8] ?? "n"] ?? [], voiced];
  return code % 2 === 0 ? [voiced] : CONSONANTS[ENDINGS[code % 8] ?? "n"] ?? [];
}

function vowelShape(formants: Formants): Shape {
  return [1.35, 1, 0, 0, formants];
}

function pause(time: number): Shape {
  return [time, 0, 0, 0, NEUTRAL];
}

function isPause(shape: Shape | undefined): boolean {
  return shape !== undefined && shape[1] === 0 && shape[2] === 0 && shape[4] === NEUTRAL;
}

/** A closed mouth and a burst. */
function stops(letters: string, burstHz: number, formants: Formants): Record<string, readonly Shape[]> {
  return consonants(letters, (voiced) => {
    const voice = voiced ? 0.2 : 0;
    return [[0.6, voice, 0, burstHz, formants], [0.3, voice, 0.6, burstHz, formants]];
  });
}

/** Air through a narrow gap. */
function hisses(letters: string, noiseHz: number, noise: number): Record<string, readonly Shape[]> {
  return consonants(letters, (voiced) => [[1, voiced ? 0.35 : 0, noise, noiseHz, [350, 1600, 2500]]]);
}

/** Consonants that differ only in whether the voice continues behind them. */
function consonants(
  letters: string,
  shapesOf: (voiced: boolean) => readonly Shape[],
): Record<string, readonly Shape[]> {
  return Object.fromEntries(letters.split(" ").map((letter) => [letter, shapesOf("bdgzvj".includes(letter))]));
}
