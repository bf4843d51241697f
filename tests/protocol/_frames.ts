import client from "../fixtures/frames/client_events.json" with { type: "json" };
import items from "../fixtures/frames/items.json" with { type: "json" };
import server from "../fixtures/frames/server_events.json" with { type: "json" };
import translationClient from "../fixtures/frames/translation_client_events.json" with { type: "json" };
import translationServer from "../fixtures/frames/translation_server_events.json" with { type: "json" };

/** JSON, as far as the tests read it. */
export type Json = { [field: string]: Json } & { type: string };

/** A frame with only the required fields, and one with all fields. */
export interface Frames {
  readonly minimal: Json;
  readonly full: Json;
}

type Table = Readonly<Record<string, Frames>>;

export const clientFrames = client as unknown as Table;
export const itemFrames = items as unknown as Table;
export const serverFrames = server as unknown as Table;
export const translationClientFrames = translationClient as unknown as Table;
export const translationServerFrames = translationServer as unknown as Table;

/** All frames of a table. */
export function framesOf(table: Table): Json[] {
  return Object.values(table).flatMap(({ minimal, full }) => [minimal, full]);
}

/** A location in a frame. */
export interface Place {
  /** Path as the API spells it, e.g. `item.content[0].text`. */
  readonly path: string;
  /** Whether it is a field, not an entry of an array. */
  readonly isField: boolean;
  /** The existing values there. */
  readonly value: unknown;
  /** A copy of the frame with another value there. */
  replace(value: unknown): Json;
  /** A copy of the frame without the value. */
  remove(): Json;
}

/** Every field and every entry of an array in a frame, at any depth. */
export function placesOf(frame: Json): Place[] {
  const places: Place[] = [];
  const walk = (value: unknown, path: string, keys: readonly string[]) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const isField = !Array.isArray(value);
      const innerPath = isField ? `${path}${path && "."}${key}` : `${path}[${key}]`;
      const innerKeys = [...keys, key];
      places.push({
        path: innerPath,
        isField,
        value: inner,
        replace: (replacement) => change(frame, innerKeys, (parent, last) => parent[last] = replacement),
        remove: () => change(frame, innerKeys, (parent, last) => delete parent[last]),
      });
      walk(inner, innerPath, innerKeys);
    }
  };
  walk(frame, "", []);
  return places;
}

function change(
  frame: Json,
  keys: readonly string[],
  apply: (parent: Record<string, unknown>, last: string) => void,
): Json {
  const copy = structuredClone(frame);
  let parent: Record<string, unknown> = copy;
  for (const key of keys.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  apply(parent, keys.at(-1) ?? "");
  return copy;
}

/** A value of another type. */
export function ofOtherType(value: unknown): unknown {
  return typeof value === "boolean" ? 7 : true;
}
