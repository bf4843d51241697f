import type { Repository } from "../repository.ts";

interface Rule {
  /** Text that must not be committed. */
  readonly pattern: RegExp;
  /** The same in words. */
  readonly what: string;
  /** Files that the rule applies to; by default all. */
  readonly files?: RegExp;
}

const CODE = /\.(?:[cm]?[jt]sx?|html)$/;

/** Written so that no pattern finds itself here. */
const RULES: readonly Rule[] = [
  { pattern: /(?<![\w.-])\/(?:work|tmp|root)\/[\w.]/, what: "a path of one machine" },
  { pattern: /\bregistry\.[\w-]+\.[a-z]|"tarball"\s*:/, what: "the host of a package registry" },
  { pattern: /(?<![A-Za-z0-9])sk-(?=[\w-]*\d)[\w-]{20,}/, what: "what looks like a secret API key" },
  { pattern: /(?<![A-Za-z0-9])ek_(?=\w*\d)\w{20,}/, what: "what looks like a client secret" },
  {
    pattern: /\.(?:ignore|only|skip|todo)\(|\b(?:ignore|only|skip|todo): true\b/,
    what: "a test left out",
    files: CODE,
  },
  { pattern: /\bT[O]DO\b(?!\(#\d+\))/, what: "a to-do without the number of its issue", files: CODE },
  { pattern: /@ts-(?:ignore|nocheck)|deno-lint-ignore[-]file/, what: "a check switched off", files: CODE },
  {
    // A checkout may be in a folder with a space: use `node:url`.
    pattern: /\bimport\.meta\.url\)\.pathname|\bfile:\/\/\$\{\w/,
    what: "a file's path that was made of a URL without decoding, or the reverse",
    files: CODE,
  },
];

/** Lists the lines with forbidden text. The lines are not repeated, as they may contain a secret. */
export function forbiddenTextViolations({ files }: Pick<Repository, "files">): readonly string[] {
  return [...files].flatMap(([path, text]) => {
    const rules = RULES.filter((rule) => rule.files?.test(path) ?? true);
    return text.split("\n").flatMap((line, index) =>
      rules.filter(({ pattern }) => pattern.test(line)).map(({ what }) => `${path}:${index + 1} has ${what}`)
    );
  });
}
