/** A mark, a string, a number or a word of JSON. */
const TOKEN =
  /\s*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.]))/uy;

/** The next kind of token that JSON allows. */
type Expected = "a value" | "a name in quotes" | "a colon" | "a comma" | "the end";

/**
 * Parses JSON that a person has written.
 *
 * @throws {SyntaxError} when it is not JSON; the message has the line and the column, which `JSON.parse` omits for most
 * mistakes.
 */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findFault(text);
    if (fault === undefined) throw cause;
    const { at, expected } = fault;
    const lines = text.slice(0, at).split("\n");
    const found = at === text.length ? "the text ends" : `there is ${text[at]}`;
    const place = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
    throw new SyntaxError(`Expected ${expected} at ${place}, but ${found}`, { cause });
  }
}

/** The first place at which a text is not JSON. */
function findFault(text: string): { readonly at: number; readonly expected: Expected } | undefined {
  const open: string[] = [];
  let expected: Expected = "a value";
  let mayClose = false;
  for (let at = 0;;) {
    TOKEN.lastIndex = at;
    const [all = "", mark, string] = TOKEN.exec(text) ?? [];
    const start = text.length - text.slice(at).trimStart().length;
    const isValue = all !== "" && mark === undefined;
    const closes = mark === (open.at(-1) === "{" ? "}" : "]") && (mayClose || expected === "a comma");
    if (start === text.length && expected === "the end") return undefined;
    if (open.length > 0 && closes) {
      open.pop();
      expected = open.length > 0 ? "a comma" : "the end";
    } else if (expected === "a value" && (mark === "{" || mark === "[")) {
      open.push(mark);
      expected = mark === "{" ? "a name in quotes" : "a value";
      mayClose = true;
      at += all.length;
      continue;
    } else if (expected === "a value" && isValue) {
      expected = open.length > 0 ? "a comma" : "the end";
    } else if (expected === "a name in quotes" && string !== undefined) {
      expected = "a colon";
    } else if (expected === "a colon" && mark === ":") {
      expected = "a value";
    } else if (expected === "a comma" && mark === ",") {
      expected = open.at(-1) === "{" ? "a name in quotes" : "a value";
    } else {
      return { at: start, expected };
    }
    mayClose = false;
    at += all.length;
  }
}
