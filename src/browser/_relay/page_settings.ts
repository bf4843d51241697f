// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";

/** Fields that every page may send with a response. */
const RESPONSE_FIELDS: ReadonlySet<string> = new Set(["conversation", "input", "metadata"]);

/**
 * Settings that an edge app lets its page change: the same list as `clientMayOverride` of the app. Other settings are
 * rejected here, before the server rejects them.
 */
export class PageSettings {
  readonly #fields: ReadonlySet<string>;
  readonly #parents: ReadonlySet<string>;

  constructor(fields: readonly string[]) {
    this.#fields = new Set(fields);
    this.#parents = new Set(fields.flatMap((field) => {
      const names = field.split(".");
      return names.slice(1).map((_, index) => names.slice(0, index + 1).join("."));
    }));
  }

  /**
   * Checks an event before it is sent.
   *
   * @throws {TypeError} when it sets a field that only the server may set.
   */
  check(event: { readonly type: string; readonly response?: unknown; readonly session?: unknown }): void {
    const { response, session } = event;
    if (event.type === "session.update" && isRecord(session)) {
      const { type: _, ...settings } = session;
      this.#checkFields(settings, "session", []);
    } else if (event.type === "response.create" && isRecord(response)) {
      const settings = Object.entries(response).filter(([name]) => !RESPONSE_FIELDS.has(name));
      this.#checkFields(Object.fromEntries(settings), "response", []);
    }
  }

  #checkFields(settings: Record<string, unknown>, root: string, parents: readonly string[]): void {
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined) continue;
      const path = [...parents, name];
      const spelled = path.join(".");
      if (this.#fields.has(spelled)) continue;
      // The innermost field is named, as it is the one that the caller wrote.
      if (isRecord(value) && (this.#parents.has(spelled) || Object.keys(value).length > 0)) {
        this.#checkFields(value, root, path);
        continue;
      }
      const allowed = this.#fields.size > 0 ? [...this.#fields].join(", ") : "nothing";
      throw new TypeError(
        `Cannot set ${root}.${spelled} over the relay as it is the server's: clientMayOverride lets the page set ${allowed}`,
      );
    }
  }
}
