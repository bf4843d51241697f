// This module is browser compatible.
import * as v from "valibot";
import type { FunctionTool } from "../protocol/mod.ts";
import { type JsonSchema, toJsonSchema } from "./_json_schema.ts";

export type { JsonSchema } from "./_json_schema.ts";

/** What a tool may do with the session that called it. The session of this package has all of it, and more. */
export interface ToolSession {
  /** Adds a message of the user to the conversation. */
  sendMessage(content: string): Promise<string>;
  /** Ends the session. */
  close(): Promise<unknown>;
}

/** What a running tool knows of its call. */
export interface ToolContext {
  /** Aborted when the call is over for others: the session has ended, or the tool took longer than its `timeoutMs`. */
  readonly signal: AbortSignal;
  /** Id of the call, as the model's output and the answer name it. */
  readonly callId: string;
  /** The session that called. */
  readonly session: ToolSession;
}

/** What happens after a tool's output was sent: the model answers, or nothing. */
export type ToolFollowUp = "respond" | "silent";

/** Options that every tool has. */
export interface ToolOptions {
  /** Name the model calls it by: 1–64 letters, digits, `_` and `-`. */
  name: string;
  /** What it does and when to call it, for the model. */
  description?: string | undefined;
  /**
   * How long a call may take, in milliseconds; then its signal is aborted and the model is told that it took too long.
   *
   * @default {undefined} no limit
   */
  timeoutMs?: number | undefined;
  /**
   * Whether the model answers once the output is there.
   *
   * @default {undefined} what `toolFollowUp` of the session says
   */
  followUp?: ToolFollowUp | undefined;
}

/** A tool whose parameters are a valibot schema: its JSON Schema is made from it, and arguments are checked by it. */
export interface SchemaToolDefinition<S extends v.GenericSchema> extends ToolOptions {
  /** Schema of the arguments, an object. */
  parameters: S;
  /** Does the work; what it returns is sent to the model as JSON, a string as it is. */
  run(args: v.InferOutput<S>, context: ToolContext): unknown;
}

/** A tool whose parameters are a JSON Schema. */
export interface JsonSchemaToolDefinition extends ToolOptions {
  /** JSON Schema of the arguments, an object. */
  parameters?: JsonSchema | undefined;
  /** Checks the arguments, and may change them; throws when they are wrong. Without it they are passed as they came. */
  check?: ((args: unknown) => unknown) | undefined;
  /** Does the work; what it returns is sent to the model as JSON, a string as it is. */
  // deno-lint-ignore no-explicit-any -- a JSON Schema gives no static type; `check` may be trusted to
  run(args: any, context: ToolContext): unknown;
}

/** A function that the model can call, as {@linkcode defineTool} makes it. */
export interface RealtimeTool {
  /** How the tool is described to the server. */
  readonly definition: FunctionTool;
  /** How long a call may take, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** Whether the model answers once the output is there. */
  readonly followUp: ToolFollowUp | undefined;
  /** Checks the arguments and does the work; throws {TypeError} when the arguments do not fit. */
  call(args: unknown, context: ToolContext): Promise<unknown>;
}

/**
 * Defines a function that the model can call.
 *
 * @example A tool with a valibot schema
 * ```ts
 * import { defineTool } from "@oai-rt/edge";
 * import * as v from "valibot";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = defineTool({
 *   name: "sum",
 *   description: "Add two integers.",
 *   parameters: v.object({ a: v.pipe(v.number(), v.integer()), b: v.pipe(v.number(), v.integer()) }),
 *   run: ({ a, b }) => ({ sum: a + b }),
 * });
 * assertEquals(sum.definition.name, "sum");
 * ```
 *
 * @throws {TypeError} when the valibot schema has no JSON Schema.
 */
export function defineTool<const S extends v.GenericSchema>(definition: SchemaToolDefinition<S>): RealtimeTool;
/** Defines a function that the model can call, described by a JSON Schema. */
export function defineTool(definition: JsonSchemaToolDefinition): RealtimeTool;
export function defineTool(definition: SchemaToolDefinition<v.GenericSchema> | JsonSchemaToolDefinition): RealtimeTool {
  const { name, description, parameters = { type: "object", properties: {} }, timeoutMs, followUp } = definition;
  const schema = isValibotSchema(parameters) ? parameters : undefined;
  const check = "check" in definition && definition.check ? definition.check : (args: unknown) => args;
  return {
    definition: {
      type: "function",
      name,
      ...(description === undefined ? {} : { description }),
      parameters: schema ? jsonSchemaOf(name, schema) : parameters as JsonSchema,
    },
    timeoutMs,
    followUp,
    call: async (args, context) =>
      await definition.run(schema ? checkArguments(schema, args) : await check(args) as never, context),
  };
}

function isValibotSchema(value: object): value is v.GenericSchema {
  return "~run" in value && "kind" in value && value.kind === "schema";
}

function jsonSchemaOf(name: string, schema: v.GenericSchema): JsonSchema {
  try {
    return toJsonSchema(schema);
  } catch (cause) {
    throw new TypeError(`Cannot define tool ${name} as its parameters have no JSON Schema: give one yourself`, {
      cause,
    });
  }
}

function checkArguments<S extends v.GenericSchema>(schema: S, args: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, args);
  if (result.success) return result.output;
  const issues = result.issues.map((issue) => `${v.getDotPath(issue) ?? "arguments"}: ${issue.message}`);
  throw new TypeError(`The arguments do not fit: ${issues.join("; ")}`);
}
