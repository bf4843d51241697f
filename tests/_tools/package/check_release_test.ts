import { assertEquals } from "@std/assert";
import { type Release, releaseViolations } from "./check_release.ts";
import { PACKAGE_INFO } from "./package_info.ts";

const READY: Release = {
  tag: "v1.2.3",
  version: "1.2.3",
  changelog:
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n### Fixed\n\n- A bug.\n\n## [1.2.2] - 2026-11-01\n",
  repository: new URL(PACKAGE_INFO.repository).pathname.slice(1),
};

Deno.test("releaseViolations() accepts matching tag, version, changelog and repository", () => {
  assertEquals(releaseViolations(READY), []);
});

Deno.test("releaseViolations() reports each place that does not match the release", () => {
  assertEquals(releaseViolations({ ...READY, tag: "v1.2.4" }), [
    "The tag must be v1.2.3, as deno.json says: current value is v1.2.4",
  ]);
  assertEquals(releaseViolations({ ...READY, changelog: "## [1.2.3]\n\n- Undated.\n" }), [
    'CHANGELOG.md must have a section "## [1.2.3] - " and its date',
  ]);
  assertEquals(releaseViolations({ ...READY, changelog: READY.changelog.replace("- A bug.\n", "") }), [
    "CHANGELOG.md says nothing about 1.2.3",
  ]);
  assertEquals(releaseViolations({ ...READY, repository: "someone/fork" }).length, 1);
});
