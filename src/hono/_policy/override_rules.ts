import { isRecord } from "../../_internal/wire.ts";
import type { Fields, Path } from "./field_path.ts";

/** Which settings are a page's to change. */
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

  /** Whether the field at this path is a page's to set. */
  allows(path: Path): boolean {
    return this.#fields.has(spell(path));
  }

  /** Paths of what a page wants to set: of each field that is its to set, and of each that leads to none. */
  pathsIn(changes: Fields, parent: Path = []): readonly Path[] {
    return Object.entries(changes).flatMap(([name, value]) => {
      const path = [...parent, name];
      const leadsOn = !this.allows(path) && this.#parents.has(spell(path)) && isRecord(value);
      return leadsOn ? this.pathsIn(value, path) : [path];
    });
  }
}

/** A path as it is in lists of fields. One that has a dot in a name is in none. */
function spell(path: Path): string {
  return path.some((name) => name.includes(".")) ? "" : path.join(".");
}
