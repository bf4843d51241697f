// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";

/** Two values at the same place that are not the same. */
export interface ValueDifference {
  /** Path of the field, e.g. `session.audio.input.format.rate`. */
  readonly path: string;
  /** The recorded value; `undefined` when there was none. */
  readonly recorded: unknown;
  /** The client's value; `undefined` when there was none. */
  readonly sent: unknown;
}

/**
 * Compares two events, field by field. Empty objects count as absent, and so do fields that are not compared: those at
 * `ignored` paths and audio.
 */
export function eventDifferences(recorded: unknown, sent: unknown, ignored: ReadonlySet<string>): ValueDifference[] {
  const [left, right] = [leavesOf(recorded), leavesOf(sent)];
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter((path) => !isIgnored(path, ignored));
  return paths.filter((path) => left.get(path) !== right.get(path)).map((path) => ({
    path,
    recorded: left.get(path),
    sent: right.get(path),
  }));
}

function isIgnored(path: string, ignored: ReadonlySet<string>): boolean {
  if (/(?:^|\.)audio(?:\.audio_ms|\.format)?$/.test(path)) return true;
  // Ignoring an object or a list ignores everything in it.
  for (let end = path.length; end > 0; end = Math.max(path.lastIndexOf(".", end - 1), path.lastIndexOf("[", end - 1))) {
    if (ignored.has(path.slice(0, end))) return true;
  }
  return false;
}

/** The values that are not objects, by path; an empty list is a value. */
function leavesOf(value: unknown): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  const visit = (value: unknown, path: string) => {
    if (Array.isArray(value)) {
      if (value.length === 0) leaves.set(path, "[]");
      value.forEach((entry, index) => visit(entry, `${path}[${index}]`));
    } else if (isRecord(value)) {
      for (const [name, field] of Object.entries(value)) visit(field, path ? `${path}.${name}` : name);
    } else if (value !== undefined) {
      leaves.set(path, value);
    }
  };
  visit(value, "");
  return leaves;
}
