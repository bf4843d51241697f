// This module is browser compatible.
import type * as v from "valibot";
import type { OptionNames } from "../_internal/check_options.ts";
import { aFunction, aNumber, aString, aToolFollowUp } from "../_internal/option_kinds.ts";
import type { FunctionTool } from "../protocol/mod.ts";
import { type JsonSchema, toJsonSchema } from "./_json_schema.ts";
import { checkDefinition } from "./_check_definition.ts";
import { ArgumentsError } from "./arguments_error.ts";
import type { StandardResult, StandardSchema } from "./standard_schema.ts";

export type { JsonSchema } from "./_json_schema.ts";

/**
 * The methods of the session that a tool can call.
 *
 * @category Tools
 */
export interface ToolSession {
  /** Adds a message of the user to the conversation. */
  sendMessage(content: string): Promise<string>;
  /** Ends the session. */
  close(): Promise<unknown>;
}

/**
 * The context of a tool call.
 *
 * @category Tools
 */
export interface ToolContext {
  /**
   * Aborted when the session has ended, when the tool took longer than its `timeoutMs`, and, with
   * `onInterrupt: "abort"`, when the user interrupts.
   */
  readonly signal: AbortSignal;
  /** Id of the call, as the model's output and the answer name it. */
  readonly callId: string;
  /** The session that called. */
  readonly session: ToolSession;
  /**
   * Resolves when the model has nothing more to say, apart from its response to this call: say goodbye, wait, then hang
   * up. `idle()` of the session would wait for this call, too.
   */
  idle(): Promise<void>;
}

/**
 * The follow-up to a tool's output: a response of the model, or none.
 *
 * @category Tools
 */
export type ToolFollowUp = "respond" | "silent";

/**
 * A filler: speech of the model while a slow tool runs.
 *
 * @category Tools
 */
export interface ToolFiller {
  /** Time that the tool runs before the filler, in milliseconds. */
  readonly afterMs: number;
  /** Instructions for the filler: "Say briefly that you are looking it up." */
  readonly instructions: string;
}

/**
 * Options of every tool; `A` is the type of its checked arguments.
 *
 * @category Tools
 */
export interface ToolOptions<A = unknown> {
  /** Name by which the model calls it: 1–64 letters, digits, `_` and `-`. */
  name: string;
  /** Description for the model: the purpose of the tool, and when to call it. */
  description?: string | undefined;
  /**
   * Maximum duration of a call, in milliseconds. After it, the signal of the call is aborted, and the model reads that
   * the call timed out.
   *
   * @default {undefined} no limit
   */
  timeoutMs?: number | undefined;
  /**
   * Whether the model responds to the output.
   *
   * @default {undefined} `toolFollowUp` of the session
   */
  followUp?: ToolFollowUp | undefined;
  /**
   * Whether calls wait for the approval of the session's `onToolApproval`; a function decides for each call.
   *
   * @default {false}
   */
  needsApproval?: boolean | ((args: A) => boolean | Promise<boolean>) | undefined;
  /**
   * Effect of an interruption on a running call: none, or an abort of its signal. An abort is a request: the return
   * value still reaches the model.
   *
   * @default {"continue"}
   */
  onInterrupt?: "continue" | "abort" | undefined;
  /**
   * Acknowledges calls immediately with this text, such as "Started, the result will follow", so that the conversation
   * continues; the result follows in a system message. Such calls are not interrupted.
   *
   * @default {undefined} calls are answered with their result
   */
  background?: string | undefined;
  /**
   * Makes the model say something while the tool is slow and neither side speaks.
   *
   * @default {undefined} silence
   */
  filler?: ToolFiller | undefined;
}

/**
 * A tool whose parameters are a schema of a library other than valibot; see {@linkcode StandardSchema}.
 *
 * @category Tools
 */
export interface StandardToolDefinition<T> extends ToolOptions<T> {
  /** Schema of the arguments, an object. */
  parameters: StandardSchema<T>;
  /** Does the work. A returned string is sent to the model as it is, anything else as JSON. */
  run(args: T, context: ToolContext): unknown;
}

/**
 * A tool whose parameters are a valibot schema, which is converted to JSON Schema and checks the arguments.
 *
 * @category Tools
 */
export interface SchemaToolDefinition<S extends v.GenericSchema> extends ToolOptions<v.InferOutput<S>> {
  /** Schema of the arguments, an object. */
  parameters: S;
  /** Does the work. A returned string is sent to the model as it is, anything else as JSON. */
  run(args: v.InferOutput<S>, context: ToolContext): unknown;
}

/**
 * A tool whose parameters are a JSON Schema.
 *
 * @category Tools
 */
export interface JsonSchemaToolDefinition<A = unknown> extends ToolOptions<A> {
  /** JSON Schema of the arguments, an object. */
  parameters?: JsonSchema | undefined;
  /**
   * Checks the arguments, and may transform them; throws when they are wrong. Without it, they are passed unchecked.
   */
  check?: ((args: unknown) => A) | undefined;
  /** Does the work. A returned string is sent to the model as it is, anything else as JSON. */
  run(args: NoInfer<A>, context: ToolContext): unknown;
}

const NAMES: OptionNames<JsonSchemaToolDefinition> = {
  background: aString,
  check: aFunction,
  description: aString,
  filler: 1,
  followUp: aToolFollowUp,
  name: 1,
  needsApproval: 1,
  onInterrupt: [["continue", "abort"]],
  parameters: 1,
  run: aFunction,
  timeoutMs: aNumber,
};

const FILLER_NAMES: OptionNames<ToolFiller> = { afterMs: aNumber, instructions: aString };

/**
 * A function that the model can call, as created by {@linkcode defineTool}.
 *
 * @category Tools
 */
export interface RealtimeTool {
  /** The description of the tool that is sent to the server. */
  readonly definition: FunctionTool;
  /** Timeout of a call, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** Whether the model responds to the output. */
  readonly followUp: ToolFollowUp | undefined;
  /** Whether a call waits for approval; throws {TypeError} when the arguments do not match. */
  readonly needsApproval?: ((args: unknown) => Promise<boolean>) | undefined;
  /** Effect of an interruption on a running call. */
  readonly onInterrupt?: "continue" | "abort" | undefined;
  /** The acknowledgement of calls that run in the background. */
  readonly background?: string | undefined;
  /** The filler of slow calls. */
  readonly filler?: ToolFiller | undefined;
  /** Checks the arguments and does the work; throws {TypeError} when the arguments do not match. */
  call(args: unknown, context: ToolContext): Promise<unknown>;
}

/**
 * Defines a function that the model can call.
 *
 * @category Tools
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
 * @throws {TypeError} when an option is unknown, the name is not valid for the API, or the schema has no JSON Schema.
 */
export function defineTool<const S extends v.GenericSchema>(definition: SchemaToolDefinition<S>): RealtimeTool;
/**
 * Defines a function that the model can call, with parameters of any library that follows Standard Schema.
 *
 * @category Tools
 */
export function defineTool<T>(definition: StandardToolDefinition<T>): RealtimeTool;
/**
 * Defines a function that the model can call, described by a JSON Schema.
 *
 * @category Tools
 */
export function defineTool<A = unknown>(definition: JsonSchemaToolDefinition<A>): RealtimeTool;
export function defineTool(
  definition: SchemaToolDefinition<v.GenericSchema> | StandardToolDefinition<unknown> | JsonSchemaToolDefinition,
): RealtimeTool {
  checkDefinition(definition, NAMES, FILLER_NAMES);
  const { name, description, parameters = { type: "object", properties: {} }, needsApproval, ...rest } = definition;
  const { timeoutMs, followUp, onInterrupt, background, filler } = rest;
  const schema = "~standard" in parameters ? parameters as v.GenericSchema | StandardSchema : undefined;
  const check = async (args: unknown): Promise<never> => {
    if (schema) return await checkArguments(schema, args) as never;
    return await ("check" in definition && definition.check ? definition.check(args) : args) as never;
  };
  return {
    definition: {
      type: "function",
      name,
      ...(description === undefined ? {} : { description }),
      parameters: schema ? jsonSchemaOf(name, schema) : parameters as JsonSchema,
    },
    timeoutMs,
    followUp,
    onInterrupt,
    background,
    filler,
    needsApproval: async (args) =>
      typeof needsApproval === "function" ? await needsApproval(await check(args)) : needsApproval ?? false,
    call: async (args, context) => await definition.run(await check(args), context),
  };
}

function jsonSchemaOf(name: string, schema: v.GenericSchema | StandardSchema): JsonSchema {
  try {
    return "~run" in schema ? toJsonSchema(schema) : schema["~standard"].jsonSchema.input({ target: "draft-07" });
  } catch (cause) {
    throw new TypeError(`Cannot define tool ${name} as its parameters have no JSON Schema: pass one`, {
      cause,
    });
  }
}

async function checkArguments(schema: v.GenericSchema | StandardSchema, args: unknown): Promise<unknown> {
  const { validate } = schema["~standard"];
  const result = await validate(args) as StandardResult<unknown>;
  if (!result.issues) return result.value;
  const issues = result.issues.map(({ path = [], message }) => {
    const names = path.map((step) => String(typeof step === "object" ? step.key : step));
    return `${names.join(".") || "arguments"}: ${message}`;
  });
  throw new ArgumentsError(`The arguments are invalid: ${issues.join("; ")}`);
}
