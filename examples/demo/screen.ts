/** Longest time between two plain lines about the same thing that is still going on, in milliseconds. */
const PLAIN_INTERVAL_MS = 1000;

/** Colours of those who speak, as codes of the terminal. */
const COLOURS: Readonly<Record<string, number>> = { you: 36, assistant: 32, tool: 35, cut: 33, error: 31 };

/** Terminal features that the screen needs. */
export interface ScreenOptions {
  /** Writes text as it is. */
  write(text: string): void;
  /** Whether control codes are understood. */
  isTerminal: boolean;
  /** Whether colours are wanted; only where control codes are understood. */
  hasColour?: boolean;
  /** Current number of columns of the terminal. */
  columns?(): number;
  /** Milliseconds since the demo began. */
  elapsedMs(): number;
}

/**
 * Shows events: permanent lines, and one live line. Without a terminal, the live line is occasionally printed as a
 * plain line, without control codes.
 */
export class Screen {
  readonly #options: ScreenOptions;
  #living = "";
  #lastPlainAt = -Infinity;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** Shows a line that stays. */
  line(who: string, text: string): void {
    const { write, isTerminal } = this.#options;
    if (isTerminal) write(`\r\x1b[K${this.#stamp()} ${this.#colour(who)} ${text}\n${this.#living}`);
    else write(`${this.#stamp()} ${who.padEnd(9)} ${text}\n`);
  }

  /** Shows a line without a time or a speaker. */
  plain(text = ""): void {
    const { write, isTerminal } = this.#options;
    write(isTerminal ? `\r\x1b[K${text}\n${this.#living}` : `${text}\n`);
  }

  /** Shows the current activity. */
  live(who: string, levelDbfs: number, text: string): void {
    const { write, isTerminal, elapsedMs } = this.#options;
    const line = `${this.#stamp()} ${who.padEnd(9)} ${meter(levelDbfs)} ${text}`;
    if (isTerminal) {
      // One column less: a cursor behind the last one may already be in the next line.
      this.#living = fitted(line, (this.#options.columns?.() ?? 80) - 1);
      write(`\r\x1b[K${this.#living}`);
    } else if (elapsedMs() - this.#lastPlainAt >= PLAIN_INTERVAL_MS) {
      this.#lastPlainAt = elapsedMs();
      write(`${line.trimEnd()}\n`);
    }
  }

  /** Removes the live line. */
  quiet(): void {
    if (this.#options.isTerminal && this.#living) this.#options.write("\r\x1b[K");
    this.#living = "";
    this.#lastPlainAt = -Infinity;
  }

  #colour(who: string): string {
    const name = who.padEnd(9);
    const code = COLOURS[who];
    return this.#options.hasColour && code !== undefined ? `\x1b[${code}m${name}\x1b[39m` : name;
  }

  #stamp(): string {
    return `${(this.#options.elapsedMs() / 1000).toFixed(1).padStart(5)} s `;
  }
}

/** A bar of ten marks, one for every 6 dB above −60 dBFS. */
export function meter(levelDbfs: number): string {
  const marks = Math.max(0, Math.min(10, Math.round((levelDbfs + 60) / 6)));
  return `[${"#".repeat(marks)}${"-".repeat(10 - marks)}]`;
}

/** A line cut to a width; wide characters, such as Chinese ones and emoji, take two columns. */
export function fitted(line: string, columns: number): string {
  let width = 0;
  let fit = "";
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
          .test(segment)
        ? 2
        : 1;
    if (width > columns) break;
    fit += segment;
  }
  return fit;
}
