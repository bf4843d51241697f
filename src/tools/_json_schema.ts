// This module is browser compatible.
import type * as v from "valibot";

/**
 * A JSON Schema, for tools without a valibot schema.
 *
 * @category Tools
 */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords of JSON Schema for rules of valibot with a numeric requirement. */
const BOUNDS: Readonly<Record<string, string>> = {
  min_value: "minimum",
  max_value: "maximum",
  gt_value: "exclusiveMinimum",
  lt_value: "exclusiveMaximum",
  multiple_of: "multipleOf",
};

/** Formats of JSON Schema for rules of valibot. */
const FORMATS: Readonly<Record<string, string>> = {
  email: "email",
  url: "uri",
  uuid: "uuid",
  ipv4: "ipv4",
  ipv6: "ipv6",
  iso_date: "date",
  iso_time: "time",
  iso_date_time: "date-time",
  iso_timestamp: "date-time",
};

/** Transformations after which the value differs from the model's output. */
const CHANGES_TYPE = /^(raw_)?transform$|^(parse|stringify)_json$|^to_(bigint|boolean|date|number|string)$/;

/** The fields of valibot's schemas and actions that are read here; which of them exist depends on `type`. */
interface Node {
  readonly kind: "schema" | "validation" | "transformation" | "metadata";
  readonly type: string;
  readonly pipe: readonly Node[];
  readonly entries: Readonly<Record<string, Node>>;
  readonly item: Node;
  readonly wrapped: Node;
  readonly value: Node;
  readonly options: readonly unknown[];
  readonly literal: unknown;
  readonly default: unknown;
  readonly requirement: unknown;
  readonly metadata: object;
}

type Draft = Record<string, unknown>;

/**
 * The JSON Schema of the input of a valibot schema. A rule without an equivalent in JSON Schema is omitted, and checked
 * when the tool is called.
 *
 * @throws {TypeError} when a part of it, such as a date or a map, has no JSON form.
 */
export function toJsonSchema(schema: v.GenericSchema): Readonly<Draft> {
  return convert(schema as unknown as Node);
}

function convert(node: Node): Draft {
  if (!node.pipe) return convertSchema(node);
  const [first, ...actions] = node.pipe.flatMap(flatten);
  const end = actions.findIndex(({ kind, type }) => kind === "schema" || CHANGES_TYPE.test(type));
  const draft = convertSchema(first!);
  for (const action of end < 0 ? actions : actions.slice(0, end)) applyAction(draft, action);
  return draft;
}

function flatten(node: Node): readonly Node[] {
  return node.pipe ? node.pipe.flatMap(flatten) : [node];
}

function convertSchema(node: Node): Draft {
  switch (node.type) {
    case "string":
    case "number":
    case "boolean":
    case "null":
      return { type: node.type };
    case "any":
    case "unknown":
      return {};
    case "literal":
      return { const: node.literal };
    case "picklist":
    case "enum":
      return { enum: node.options, type: typeOf(node.options) };
    case "array":
      return { type: "array", items: convert(node.item) };
    case "object":
    case "loose_object":
    case "strict_object":
      return convertObject(node);
    case "record":
      return { type: "object", additionalProperties: convert(node.value) };
    case "nullable":
    case "nullish":
      return withDefault({ anyOf: [convert(node.wrapped), { type: "null" }] }, node);
    case "optional":
    case "exact_optional":
    case "undefinedable":
      return withDefault(convert(node.wrapped), node);
    case "union":
      return { anyOf: (node.options as readonly Node[]).map(convert) };
    case "variant":
      return { oneOf: (node.options as readonly Node[]).map(convert) };
    case "intersect":
      return { allOf: (node.options as readonly Node[]).map(convert) };
  }
  throw new TypeError(`A valibot schema of type ${node.type} has no JSON Schema`);
}

function convertObject({ type, entries }: Node): Draft {
  const isOptional = (name: string) => /optional|nullish/.test(entries[name]!.type);
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, convert(entry)])),
    required: Object.keys(entries).filter((name) => !isOptional(name)),
    ...(type === "strict_object" ? { additionalProperties: false } : {}),
  };
}

function applyAction(draft: Draft, action: Node): void {
  const { type, requirement } = action;
  const length = /^(min_|max_)?length$/.exec(type);
  if (type in BOUNDS) draft[BOUNDS[type]!] = requirement;
  else if (type in FORMATS) draft.format = FORMATS[type];
  else if (type === "integer" || type === "safe_integer") draft.type = "integer";
  else if (type === "regex" && requirement instanceof RegExp && !requirement.flags) draft.pattern = requirement.source;
  else if (type === "non_empty") draft[sizeKeyword("min", draft)] = 1;
  else if (length) {
    if (length[1] !== "max_") draft[sizeKeyword("min", draft)] = requirement;
    if (length[1] !== "min_") draft[sizeKeyword("max", draft)] = requirement;
  } else if (type === "metadata") Object.assign(draft, action.metadata);
  else if (action.kind === "metadata" && type in action) draft[type] = (action as unknown as Draft)[type];
}

function sizeKeyword(bound: "min" | "max", draft: Draft): string {
  return `${bound}${draft.type === "array" ? "Items" : "Length"}`;
}

function typeOf(options: readonly unknown[]): unknown {
  const types = new Set(options.map((option) => typeof option));
  return types.size === 1 ? [...types][0] : [...types];
}

function withDefault(draft: Draft, { default: value }: Node): Draft {
  if (value !== undefined) draft.default = typeof value === "function" ? value() : value;
  return draft;
}
