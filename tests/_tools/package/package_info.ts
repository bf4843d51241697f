/** Metadata for registries and search engines. */
export interface PackageInfo {
  /** Address of the repository, without a slash at its end. */
  readonly repository: string;
  /** The publisher. */
  readonly author: string;
  /** One sentence. */
  readonly description: string;
  /** Search terms. */
  readonly keywords: readonly string[];
}

/**
 * The one place where a maintainer sets these. Provenance wants `repository` to be where the release workflow runs. After
 * changing it, `deno task links` with the former address changes the links of the documents.
 */
export const PACKAGE_INFO: PackageInfo = {
  repository: "https://github.com/oai-rt/edge",
  author: "The maintainers of @oai-rt/edge",
  description: "A client for OpenAI's Realtime API, with a simulator of its server",
  keywords: ["openai", "realtime", "voice", "speech", "agents", "websocket", "webrtc", "deno", "bun", "simulator"],
};

/** The fields of `package.json` that follow. */
export function packageFields({ repository, author, description, keywords }: PackageInfo): Record<string, unknown> {
  return {
    description,
    keywords,
    author,
    homepage: `${repository}#readme`,
    bugs: { url: `${repository}/issues` },
    repository: { type: "git", url: `git+${repository}.git` },
  };
}
