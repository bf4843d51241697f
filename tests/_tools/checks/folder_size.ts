import type { Repository } from "../repository.ts";
import type { Measure } from "./ratchet.ts";

/** Maximum number of files of a folder: with more, it needs subfolders. */
const MAX_FILES = 25;
/** Number of test folders that may have more. */
const LARGE_TEST_FOLDERS = 0;

/** Counts the folders that have too many files, and names the largest. */
export function folderMeasures({ files }: Pick<Repository, "files">): readonly Measure[] {
  const counts = new Map<string, number>();
  for (const path of files.keys()) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const large = [...counts].filter(([, count]) => count > MAX_FILES).map(([folder, count]) => `${folder} ${count}`);
  const measure = (top: string, bound: number): Measure => {
    const found = large.filter((folder) => folder.startsWith(`${top}/`) && !folder.includes("/fixtures/"));
    const names = found.length > 0 ? ` (${found.join(", ")})` : "";
    return {
      what: `folders of ${top}/ with more than ${MAX_FILES} files${names}`,
      value: found.length,
      bound,
      target: 0,
    };
  };
  return [measure("src", 0), measure("examples", 0), measure("tests", LARGE_TEST_FOLDERS)];
}
