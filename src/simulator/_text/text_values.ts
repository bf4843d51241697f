// This module is browser compatible.

const NUMBER_WORDS: readonly string[] =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(" ");

const WORD = String.raw`\p{L}[\p{L}\p{M}\p{N}'’-]*`;
const PROPER = String.raw`\p{Lu}[\p{L}\p{M}\p{N}'’-]*`;
/** A name of several words may have small ones in it: Rio de Janeiro, Isle of Man. */
const PROPER_PHRASE = `${PROPER}(?: +(?:(?:de|da|do|del|di|la|le|of|van|von) +)?${PROPER})*`;
const QUOTED = String.raw`"([^"]+)"|“([^”]+)”|«([^»]+)»|` + "`([^`]+)`|" +
  String.raw`(?<![\p{L}\p{N}])'([^']+)'(?![\p{L}\p{N}])`;
const DECIMAL = String.raw`-?\d+(?:\.\d+)?`;
const LOWERCASE_START = /^\p{Ll}/u;
/** Always capitalised, and not names. */
const NEVER_NAMES = new Set([
  "i",
  "i'm",
  "i’m",
  "i'd",
  "i’d",
  "i'll",
  "i’ll",
  "please",
  "thanks",
  "thank",
  "ok",
  "json",
]);

/**
 * Creates a pattern that matches any spelling of `name`, with `between` its words: `orderId`, `order_id`, `Order ID`.
 */
export function spellings(name: string, between = String.raw`[\s_.-]*`): string {
  const words = name.replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, " ").match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.join(between);
}

/** Creates a pattern that matches `pattern` as a whole word, case-insensitively. */
export function wholeWord(pattern: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${pattern})(?![\p{L}\p{N}_])`, "iu");
}

/** A number in a text. */
interface WrittenNumber {
  readonly value: number;
  /** The digits as in the text, if it is written in digits: leading zeros count in a text of digits. */
  readonly digits: string;
}

/** The values that a person's text offers as arguments; each is handed out once. */
export class TextValues {
  readonly #text: string;
  readonly #numbers: WrittenNumber[];
  readonly #strings: string[];

  /** Reads the values in `text`. */
  constructor(text: string) {
    this.#text = text;
    this.#numbers = numbersIn(text);
    this.#strings = stringsIn(text);
  }

  /** Takes the value that the text assigns to `name`, if it `fits`: `city: Paris`, `from Paris`, `"limit": 5`. */
  takeNamed(name: string, fits: (value: string) => boolean): string | undefined {
    const spelled = spellings(name);
    if (spelled === "") return undefined;
    const assigned = String.raw`\s*[:=]\s*(?:${QUOTED}|([^\s,;}\])]+))`;
    const told = String.raw`\s+(?:is\s+|of\s+|to\s+|as\s+)?(?:${QUOTED}|(${DECIMAL}(?![\p{L}\p{N}])|${PROPER_PHRASE}))`;
    for (const value of [`["'”]?${assigned}`, told]) {
      // Only the name is matched case-insensitively: a capital identifies the following name.
      const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}_])${anyCase(spelled)}${value}`, "u");
      const taken = this.#text.match(pattern)?.slice(1).find((part) => part !== undefined)?.replace(/[.!?]+$/, "");
      if (taken === undefined || taken === "" || !fits(taken)) continue;
      remove(this.#strings, taken);
      takeFirst(this.#numbers, ({ value }) => value === Number(taken));
      return taken;
    }
    return undefined;
  }

  /** Whether the text mentions `value`, a choice of several. */
  mentions(value: unknown): boolean {
    if (typeof value === "number") return this.#numbers.some((number) => number.value === value);
    if (typeof value !== "string") return false;
    const spelled = spellings(value);
    return spelled !== "" && wholeWord(spelled).test(this.#text);
  }

  /** Takes the first of several choices that the text mentions. */
  takeMentioned(choices: readonly unknown[]): unknown {
    const choice = choices.find((each) => this.mentions(each));
    if (typeof choice === "number") takeFirst(this.#numbers, ({ value }) => value === choice);
    const name = this.#strings.findIndex((each) => each.toLowerCase() === String(choice).toLowerCase());
    if (name >= 0) this.#strings.splice(name, 1);
    return choice;
  }

  /** Takes the next number that `fits`. */
  takeNumber(fits: (value: number) => boolean): number | undefined {
    return takeFirst(this.#numbers, ({ value }) => fits(value))?.value;
  }

  /** Takes the next number that `fits` as a string: as written, or in plain form. */
  takeDigits(fits: (value: string) => boolean): string | undefined {
    const plain = ({ value }: WrittenNumber) => String(value);
    const taken = takeFirst(this.#numbers, (number) => fits(number.digits) || fits(plain(number)));
    return taken && (fits(taken.digits) ? taken.digits : plain(taken));
  }

  /** Takes the next quoted text or name that `fits`. */
  takeString(fits: (value: string) => boolean): string | undefined {
    return takeFirst(this.#strings, fits);
  }
}

function anyCase(pattern: string): string {
  return pattern.replace(
    /\\.|[\p{L}]/gu,
    (part) => part.length > 1 ? part : `[${part.toLowerCase()}${part.toUpperCase()}]`,
  );
}

function numbersIn(text: string): WrittenNumber[] {
  const undated = text.replace(/\d{4}-\d{2}-\d{2}\S*|\d{1,2}:\d{2}(?::\d{2})?/g, " ");
  const digits = undated.match(/(?<![\p{L}\p{N}_.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\p{L}\p{N}_]|\.\d)/gu);
  if (digits !== null) {
    return digits.map((found) => ({ value: Number(found.replaceAll(",", "")), digits: found }));
  }
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.map((word) => NUMBER_WORDS.indexOf(word)).filter((value) => value >= 0)
    .map((value) => ({ value, digits: String(value) }));
}

function stringsIn(text: string): string[] {
  const quoted: string[] = [];
  const rest = text.replace(new RegExp(`(?:${QUOTED})(\\s*:)?`, "gu"), (_, ...parts: (string | undefined)[]) => {
    const value = parts.slice(0, 5).find((part) => part !== undefined);
    if (parts[5] === undefined && value !== undefined) quoted.push(value); // with a colon it is a key
    return " , ";
  });
  const exact =
    rest.match(/[^\s@,;<>]{1,64}@[^\s@,;<>]+\.\p{L}+|\bhttps?:\/\/[^\s,;<>]+|\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?/gu) ?? [];
  const alone = new RegExp(`^\\s*(${WORD})[.!?]*\\s*$`, "u").exec(text)?.[1];
  return [...quoted, ...exact, ...(alone === undefined ? namesIn(rest) : [alone])];
}

function namesIn(text: string): string[] {
  const names: string[] = [];
  for (const found of text.matchAll(new RegExp(String.raw`(?<![\p{L}\p{N}_/@.])${PROPER_PHRASE}(?![_(])`, "gu"))) {
    let words = found[0].split(/ +/);
    const before = text.slice(0, found.index).trimEnd();
    // The capital of a sentence's first word is not significant.
    if (before === "" || /[.!?]$/.test(before)) words = words.slice(1);
    words = words.filter((word) => !NEVER_NAMES.has(word.toLowerCase()));
    if (words.length > 0 && LOWERCASE_START.test(words[0] ?? "")) words = words.slice(1);
    if (words.length > 0) names.push(words.join(" ").replace(/['’]s$/, ""));
  }
  return names;
}

function takeFirst<T>(values: T[], fits: (value: T) => boolean): T | undefined {
  const index = values.findIndex(fits);
  return index < 0 ? undefined : values.splice(index, 1)[0];
}

function remove<T>(values: T[], value: T): void {
  const index = values.indexOf(value);
  if (index >= 0) values.splice(index, 1);
}
