import { isRecord } from "../../_internal/wire.ts";
import type { Fields, Path } from "./field_path.ts";

/** Settings that a page may change. */
export class OverrideRules {
  readonly #fields: ReadonlySet<string>;
  readonly #parents: ReadonlySet<string>;

  constructor(fields: readonly string[]) {
    this.#fields = new Set(fields);
    this.#parents = new Set(fields.flatMap((field) => {
      const names = field.split(".");
      return names.slice(1).map((_, index) => names.slice(0, index + 1).join("."));
    }));
  }

  /** Whether a page may set the field at this path. */
  allows(path: Path): boolean {
    return this.#fields.has(spell(path));
  }

  /** Paths of the settings requested by a page: of each field that it may set, and of each that contains none. */
  pathsIn(changes: Fields, parent: Path = []): readonly Path[] {
    return Object.entries(changes).flatMap(([name, value]) => {
      const path = [...parent, name];
      const leadsOn = !this.allows(path) && this.#parents.has(spell(path)) && isRecord(value);
      return leadsOn ? this.pathsIn(value, path) : [path];
    });
  }
}

/** Spells a path as in lists of fields. A path with a dot in a name is in none. */
function spell(path: Path): string {
  return path.some((name) => name.includes(".")) ? "" : path.join(".");
}
