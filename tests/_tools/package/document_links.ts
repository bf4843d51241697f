/**
 * The links of the published documents: their readers on JSR, npm, or in `node_modules` have no repository at hand.
 * `deno task links` converts links into the repository to its URL; with the former URL of a repository that has moved,
 * `deno task links https://…` converts those, too.
 *
 * @module
 */

import { readRepository, type Repository, ROOT } from "../repository.ts";
import { PACKAGE_INFO } from "./package_info.ts";

/** A link or an image of Markdown: its text, and its target. */
const LINK = /(!?\[[^\]]*\]\()([^)\s]+)(?=[\s)])/g;

/** The documents that are published, as `publish.include` of `deno.json` names them. */
export function publishedDocuments({ files }: Pick<Repository, "files">): readonly string[] {
  const { publish } = JSON.parse(files.get("deno.json") ?? "{}");
  return (publish?.include ?? []).filter((path: string) => path.endsWith(".md"));
}

/** The text of the document at `path`, with every relative link as an address of the repository. */
export function withAbsoluteLinks(text: string, path: string, repository: string): string {
  return outsideCode(text, (prose) =>
    prose.replace(LINK, (link, start: string, target: string) => {
      if (/^(?:#|[a-z]+:)/i.test(target)) return link;
      const { pathname, hash } = new URL(target, `file:///${path}`);
      return `${start}${repository}/${start.startsWith("!") ? "raw" : "blob"}/main${pathname}${hash}`;
    }));
}

/** Lists the links of published documents that are relative, or lead to a file that is not there. */
export function linkViolations(repository: Pick<Repository, "files">): readonly string[] {
  return publishedDocuments(repository).flatMap((document) => {
    const text = repository.files.get(document) ?? "";
    const targets: string[] = [];
    outsideCode(text, (prose) => {
      for (const [, , target = ""] of prose.matchAll(LINK)) targets.push(target);
      return prose;
    });
    const wrong = withAbsoluteLinks(text, document, PACKAGE_INFO.repository) === text
      ? []
      : [`${document} has links that work in the repository only: run deno task links`];
    return [...wrong, ...targets.flatMap((target) => missing(document, target, repository.files))];
  });
}

function missing(document: string, target: string, files: Repository["files"]): readonly string[] {
  const [, path] = /\/(?:blob|raw)\/main\/([^#?]+)/.exec(target) ?? [];
  if (path === undefined || !target.startsWith(`${PACKAGE_INFO.repository}/`)) return [];
  const folder = `${path.replace(/\/$/, "")}/`;
  const exists = files.has(path) || [...files.keys()].some((file) => file.startsWith(folder));
  return exists ? [] : [`${document} links to ${path}, which does not exist`];
}

/** Changes the parts of a document outside code blocks. */
function outsideCode(text: string, change: (prose: string) => string): string {
  return text.split(/(^```[^]*?^```)/m).map((part, index) => index % 2 === 0 ? change(part) : part).join("");
}

if (import.meta.main) {
  const repository = await readRepository(ROOT);
  const [former] = Deno.args;
  for (const document of publishedDocuments(repository)) {
    const text = repository.files.get(document) ?? "";
    const moved = former === undefined ? text : text.replaceAll(`${former}/`, `${PACKAGE_INFO.repository}/`);
    const changed = withAbsoluteLinks(moved, document, PACKAGE_INFO.repository);
    if (changed !== text) await Deno.writeTextFile(`${ROOT}/${document}`, changed);
  }
}
