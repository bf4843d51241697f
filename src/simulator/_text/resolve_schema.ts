// This module is browser compatible.

/** A JSON Schema that is an object. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** References and branches followed before a schema counts as recursive. */
const MAX_HOPS = 16;

/** Whether `value` is an object with keys, not an array. */
export function isObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Type of a schema, inferred from its keywords if absent; the first one of several that is not null. */
export function typeOf(schema: SchemaObject): string {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const type = types.find((each) => typeof each === "string" && each !== "null") ?? types[0];
  if (typeof type === "string") return type;
  if ("properties" in schema || "required" in schema) return "object";
  if ("items" in schema || "prefixItems" in schema || "minItems" in schema) return "array";
  if ("minimum" in schema || "maximum" in schema || "multipleOf" in schema) return "number";
  return "string";
}

/**
 * Resolves `$ref`, `allOf`, `anyOf` and `oneOf` to a plain schema.
 *
 * @param schema schema to resolve; anything that is not an object counts as an empty one.
 * @param root schema that the references point into.
 * @param choose picks one of the branches of an `anyOf` or `oneOf`.
 */
export function resolveSchema(
  schema: unknown,
  root: unknown,
  choose: (branches: readonly unknown[]) => unknown,
  hops = 0,
): SchemaObject {
  if (!isObject(schema) || hops > MAX_HOPS) return {};
  const follow = (next: unknown) => resolveSchema(next, root, choose, hops + 1);
  const { $ref, allOf, anyOf, oneOf, ...rest } = schema;
  const parts: unknown[] = [];
  if (typeof $ref === "string") parts.push(lookUp($ref, root));
  if (Array.isArray(allOf)) parts.push(...allOf);
  for (const branches of [anyOf, oneOf]) {
    if (Array.isArray(branches) && branches.length > 0) parts.push(choose(branches));
  }
  return [...parts.map(follow), rest].reduce(merge, {});
}

function merge(a: SchemaObject, b: SchemaObject): SchemaObject {
  const merged: Record<string, unknown> = { ...a, ...b };
  if (isObject(a.properties) && isObject(b.properties)) merged.properties = { ...a.properties, ...b.properties };
  if (Array.isArray(a.required) && Array.isArray(b.required)) merged.required = [...a.required, ...b.required];
  return merged;
}

/** Resolves a reference such as `#/$defs/City`. */
function lookUp(ref: string, root: unknown): unknown {
  if (!ref.startsWith("#")) return undefined;
  let found = root;
  for (const step of ref.slice(1).split("/").slice(1)) {
    const key = step.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
      .replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as SchemaObject)[key];
  }
  return found;
}
