// This module is browser compatible.
import type { ContentPart, UnknownContentPart } from "./content_part.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { UnknownKind } from "../unknown_kind.ts";

/**
 * Status of an item.
 *
 * @category Conversation
 */
export type ItemStatus = "completed" | "incomplete" | "in_progress";

/**
 * Fields of most items.
 *
 * @category Conversation
 */
export interface ItemBase {
  /** Identifier, e.g. `item_1234`; chosen by the client or the server. The API always sends it. */
  readonly id?: string | null | undefined;
  /** Kind of object. */
  readonly object?: OpenEnum<"realtime.item"> | null | undefined;
  /** Status of the item. */
  readonly status?: OpenEnum<ItemStatus> | null | undefined;
}

/**
 * Fields of all three kinds of message.
 *
 * @category Conversation
 */
export interface MessageItemBase extends ItemBase {
  /** Kind of item. */
  readonly type: "message";
  /** Content, in order; empty while a response has only begun it. */
  readonly content: readonly (ContentPart | UnknownContentPart)[];
}

/**
 * Instructions of the application to the model in the middle of a conversation.
 *
 * @category Conversation
 */
export interface SystemMessageItem extends MessageItemBase {
  /** The speaker. */
  readonly role: "system";
}

/**
 * Words, audio or images of the user.
 *
 * @category Conversation
 */
export interface UserMessageItem extends MessageItemBase {
  /** The speaker. */
  readonly role: "user";
}

/**
 * Words or speech of the model.
 *
 * @category Conversation
 */
export interface AssistantMessageItem extends MessageItemBase {
  /** The speaker. */
  readonly role: "assistant";
  /**
   * Whether the model speaks before its answer (commentary) or gives the answer; sent by `gpt-realtime-2` and later,
   * undocumented.
   */
  readonly phase?: OpenEnum<"commentary" | "final_answer"> | null | undefined;
}

/**
 * The model calls a function of the client.
 *
 * @category Conversation
 */
export interface FunctionCallItem extends ItemBase {
  /** Kind of item. */
  readonly type: "function_call";
  /** Name of the function. */
  readonly name: string;
  /** Arguments as JSON text; empty until they have arrived. */
  readonly arguments: string;
  /** Identifier of the call, which the output names. The API always sends it. */
  readonly call_id?: string | null | undefined;
}

/**
 * The client's answer to a function call.
 *
 * @category Conversation
 */
export interface FunctionCallOutputItem extends ItemBase {
  /** Kind of item. */
  readonly type: "function_call_output";
  /** Identifier of the call. */
  readonly call_id: string;
  /** The answer, free text. */
  readonly output: string;
}

/**
 * A tool of an MCP server.
 *
 * @category Conversation
 */
export interface McpListedTool {
  /** Name of the tool. */
  readonly name: string;
  /** JSON Schema of the tool's input. */
  readonly input_schema: unknown;
  /** Purpose of the tool. */
  readonly description?: string | null | undefined;
  /** Hints of the MCP server about the tool. */
  readonly annotations?: unknown;
}

/**
 * The tools of an MCP server.
 *
 * @category Conversation
 */
export interface McpListToolsItem {
  /** Kind of item. */
  readonly type: "mcp_list_tools";
  /** Identifier. */
  readonly id?: string | null | undefined;
  /** Name of the MCP server. */
  readonly server_label: string;
  /** The tools; empty until the list has arrived. */
  readonly tools: readonly McpListedTool[];
}

/**
 * The error of a failed call to an MCP server.
 *
 * @category Conversation
 */
export interface McpError {
  /** At which level: MCP itself, the tool, or HTTP. */
  readonly type: OpenEnum<"protocol_error" | "tool_execution_error" | "http_error">;
  /** Code of the MCP or HTTP error; a failing tool has none. */
  readonly code?: number | null | undefined;
  /** Error message. */
  readonly message: string;
}

/**
 * A call of an MCP server's tool, made by OpenAI's servers.
 *
 * @category Conversation
 */
export interface McpCallItem {
  /** Kind of item. */
  readonly type: "mcp_call";
  /** Identifier. */
  readonly id: string;
  /** Name of the MCP server. */
  readonly server_label: string;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments as JSON text. */
  readonly arguments: string;
  /** Output of the tool, once it has one. */
  readonly output?: string | null | undefined;
  /** The error of a failed call. */
  readonly error?: McpError | null | undefined;
  /** Identifier of the approval that the call waited for, if any. */
  readonly approval_request_id?: string | null | undefined;
}

/**
 * A tool call that waits for the client's approval.
 *
 * @category Conversation
 */
export interface McpApprovalRequestItem {
  /** Kind of item. */
  readonly type: "mcp_approval_request";
  /** Identifier, which the approval names; at most 32 characters when a client sends it. */
  readonly id: string;
  /** Name of the MCP server. */
  readonly server_label: string;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments as JSON text. */
  readonly arguments: string;
}

/**
 * The client's answer to an approval request.
 *
 * @category Conversation
 */
export interface McpApprovalResponseItem {
  /** Kind of item. */
  readonly type: "mcp_approval_response";
  /** Identifier; at most 32 characters when a client sends it. */
  readonly id: string;
  /** Identifier of the request. */
  readonly approval_request_id: string;
  /** Whether the call may be made. */
  readonly approve: boolean;
  /** The reason, for the model to read. */
  readonly reason?: string | null | undefined;
}

/**
 * An item of a kind newer than this version, or a message of a role newer than this version.
 *
 * @category Conversation
 */
export type UnknownItem = UnknownKind;

/**
 * An entry of a conversation, of a kind this version knows.
 *
 * @category Conversation
 */
export type Item =
  | SystemMessageItem
  | UserMessageItem
  | AssistantMessageItem
  | FunctionCallItem
  | FunctionCallOutputItem
  | McpListToolsItem
  | McpCallItem
  | McpApprovalRequestItem
  | McpApprovalResponseItem;

const KNOWN_TYPES: ReadonlySet<string> = /* @__PURE__ */ new Set<Item["type"]>([
  "function_call",
  "function_call_output",
  "mcp_list_tools",
  "mcp_call",
  "mcp_approval_request",
  "mcp_approval_response",
]);

const KNOWN_ROLES: ReadonlySet<unknown> = /* @__PURE__ */ new Set(["system", "user", "assistant"]);

/**
 * Whether an item is of a kind that this version knows.
 *
 * @category Conversation
 */
export function isKnownItem(item: { readonly type: string; readonly role?: unknown }): item is Item {
  return item.type === "message" ? KNOWN_ROLES.has(item.role) : KNOWN_TYPES.has(item.type);
}
