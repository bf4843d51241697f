import type { Repository } from "../repository.ts";

/** Lists the circles of files that import each other, types included; each circle once. */
export function cycleViolations({ imports }: Pick<Repository, "imports">): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (to !== undefined) targets.set(from, [...targets.get(from) ?? [], to]);
  }
  const circles: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(" -> "));
    if (start >= 0 || finished.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return circles.map((circle) => `Files must not import each other in a circle: ${circle}`);
}
