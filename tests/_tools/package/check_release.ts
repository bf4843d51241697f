/**
 * Checks that a tag is ready to be released. The release workflow runs it first.
 *
 * @module
 */

import { ROOT } from "../repository.ts";
import { PACKAGE_INFO } from "./package_info.ts";

/** The release to check. */
export interface Release {
  /** The tag, e.g. `v0.1.0`. */
  readonly tag: string;
  /** Version in `deno.json`. */
  readonly version: string;
  /** `CHANGELOG.md`. */
  readonly changelog: string;
  /** Repository that the workflow runs in, as owner and name. */
  readonly repository: string;
}

/** Lists why a release would be wrong. */
export function releaseViolations({ tag, version, changelog, repository }: Release): readonly string[] {
  const violations: string[] = [];
  if (tag !== `v${version}`) violations.push(`The tag must be v${version}, as deno.json says: current value is ${tag}`);
  const [, body] = changelog.split(
    new RegExp(`^## \\[${version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d\\d-\\d\\d$`, "m"),
  );
  if (body === undefined) violations.push(`CHANGELOG.md must have a section "## [${version}] - " and its date`);
  else if (!/^- /m.test(body.split(/^## /m)[0] ?? "")) violations.push(`CHANGELOG.md says nothing about ${version}`);
  if (PACKAGE_INFO.repository !== `https://github.com/${repository}`) {
    violations.push(
      `package_info.ts must name https://github.com/${repository}, or npm refuses the provenance: ` +
        `current value is ${PACKAGE_INFO.repository}`,
    );
  }
  return violations;
}

if (import.meta.main) {
  const violations = releaseViolations({
    tag: Deno.env.get("GITHUB_REF_NAME") ?? "",
    version: JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)).version,
    changelog: await Deno.readTextFile(`${ROOT}/CHANGELOG.md`),
    repository: Deno.env.get("GITHUB_REPOSITORY") ?? "",
  });
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) Deno.exit(1);
}
