/** A repository made up for a test; disposing of it removes it. */
export interface TempRepository extends AsyncDisposable {
  /** Its absolute path, without a slash at the end. */
  readonly root: string;
}

/** Writes `files` (relative path → text) to a temporary directory. */
export async function createTempRepository(files: Readonly<Record<string, string>>): Promise<TempRepository> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  for (const [path, text] of Object.entries(files)) {
    const target = `${root}/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(target, text);
  }
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}
