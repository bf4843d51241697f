import { isLibraryFile, type Repository } from "../repository.ts";

/** The most lines that a file of the library may have. */
export const MAX_LINES = 300;

/** Lists the files of the library that are too long. */
export function fileLengthViolations({ files }: Pick<Repository, "files">): readonly string[] {
  return [...files].filter(([path]) => isLibraryFile(path)).flatMap(([path, text]) => {
    const lines = text.replace(/\n$/, "").split("\n").length;
    return lines > MAX_LINES ? [`${path} has ${lines} lines: at most ${MAX_LINES} are allowed`] : [];
  });
}
