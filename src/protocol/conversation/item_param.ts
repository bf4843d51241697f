// This module is browser compatible.
import type {
  InputAudioPartParam,
  InputImagePartParam,
  InputTextPartParam,
  OutputAudioPartParam,
  OutputTextPartParam,
} from "./content_part.ts";
import type { ItemStatus, McpApprovalRequestItem, McpApprovalResponseItem, McpListedTool } from "./item.ts";

/**
 * Fields of most items that a client creates.
 *
 * @category Conversation
 */
export interface ItemParamBase {
  /** Identifier, at most 32 characters; by default, the server generates one. */
  readonly id?: string | undefined;
  /** Kind of object. */
  readonly object?: "realtime.item" | undefined;
  /** Status of the item; without effect. */
  readonly status?: ItemStatus | undefined;
}

/**
 * Words of the application to the model.
 *
 * @category Conversation
 */
export interface SystemMessageItemParam extends ItemParamBase {
  /** Kind of item. */
  readonly type: "message";
  /** The speaker. */
  readonly role: "system";
  /** Content, in order. */
  readonly content: readonly InputTextPartParam[];
}

/**
 * Content of a user message: text, audio or an image.
 *
 * @category Conversation
 */
export type UserContentPartParam = InputTextPartParam | InputAudioPartParam | InputImagePartParam;

/**
 * Words, audio or images of the user.
 *
 * @category Conversation
 */
export interface UserMessageItemParam extends ItemParamBase {
  /** Kind of item. */
  readonly type: "message";
  /** The speaker. */
  readonly role: "user";
  /** Content, in order. */
  readonly content: readonly UserContentPartParam[];
}

/**
 * Content of an assistant message that a client creates.
 *
 * @category Conversation
 */
export type AssistantContentPartParam = OutputTextPartParam | OutputAudioPartParam;

/**
 * A message that the model treats as its own, to seed a history.
 *
 * @category Conversation
 */
export interface AssistantMessageItemParam extends ItemParamBase {
  /** Kind of item. */
  readonly type: "message";
  /** The speaker. */
  readonly role: "assistant";
  /** Content, in order. */
  readonly content: readonly AssistantContentPartParam[];
}

/**
 * A function call that the model treats as its own, to seed a history.
 *
 * @category Conversation
 */
export interface FunctionCallItemParam extends ItemParamBase {
  /** Kind of item. */
  readonly type: "function_call";
  /** Name of the function. */
  readonly name: string;
  /** Arguments as JSON text. */
  readonly arguments: string;
  /** Identifier of the call, at most 32 characters. */
  readonly call_id?: string | undefined;
}

/**
 * The answer to a function call.
 *
 * @category Conversation
 */
export interface FunctionCallOutputItemParam extends ItemParamBase {
  /** Kind of item. */
  readonly type: "function_call_output";
  /** Identifier of the call, as the model gave it. */
  readonly call_id: string;
  /** The answer, free text. */
  readonly output: string;
}

/**
 * The tools of an MCP server, to seed a history.
 *
 * @category Conversation
 */
export interface McpListToolsItemParam {
  /** Kind of item. */
  readonly type: "mcp_list_tools";
  /** Identifier, at most 32 characters. */
  readonly id?: string | undefined;
  /** Name of the MCP server. */
  readonly server_label: string;
  /** The tools. */
  readonly tools: readonly McpListedTool[];
}

/**
 * MCP itself refused a call.
 *
 * @category Conversation
 */
export interface McpProtocolErrorParam {
  /** At which level the call failed. */
  readonly type: "protocol_error";
  /** Code of the MCP error. */
  readonly code: number;
  /** Error message. */
  readonly message: string;
}

/**
 * HTTP refused a call.
 *
 * @category Conversation
 */
export interface McpHttpErrorParam {
  /** At which level the call failed. */
  readonly type: "http_error";
  /** HTTP status. */
  readonly code: number;
  /** Error message. */
  readonly message: string;
}

/**
 * The tool itself failed.
 *
 * @category Conversation
 */
export interface McpToolErrorParam {
  /** At which level the call failed. */
  readonly type: "tool_execution_error";
  /** Error message. */
  readonly message: string;
}

/**
 * The error of a failed call of an MCP server's tool.
 *
 * @category Conversation
 */
export type McpErrorParam = McpProtocolErrorParam | McpHttpErrorParam | McpToolErrorParam;

/**
 * A call of an MCP server's tool, to seed a history.
 *
 * @category Conversation
 */
export interface McpCallItemParam {
  /** Kind of item. */
  readonly type: "mcp_call";
  /** Identifier, at most 32 characters. */
  readonly id: string;
  /** Name of the MCP server. */
  readonly server_label: string;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments as JSON text. */
  readonly arguments: string;
  /** Output of the tool. */
  readonly output?: string | null | undefined;
  /** The error of a failed call. */
  readonly error?: McpErrorParam | null | undefined;
  /** Identifier of the approval that the call waited for. */
  readonly approval_request_id?: string | null | undefined;
}

/**
 * A tool call that waited for approval, to seed a history.
 *
 * @category Conversation
 */
export type McpApprovalRequestItemParam = McpApprovalRequestItem;

/**
 * The answer to an approval request.
 *
 * @category Conversation
 */
export interface McpApprovalResponseItemParam extends Omit<McpApprovalResponseItem, "id"> {
  /** Identifier, at most 32 characters; by default, the server generates one. */
  readonly id?: string | undefined;
}

/**
 * An entry that a client can put into a conversation.
 *
 * @category Conversation
 */
export type ItemParam =
  | SystemMessageItemParam
  | UserMessageItemParam
  | AssistantMessageItemParam
  | FunctionCallItemParam
  | FunctionCallOutputItemParam
  | McpListToolsItemParam
  | McpCallItemParam
  | McpApprovalRequestItemParam
  | McpApprovalResponseItemParam;

/**
 * An item of the conversation, by its identifier; only in the input of `response.create`.
 *
 * @category Conversation
 */
export interface ItemReference {
  /** Kind of entry. */
  readonly type: "item_reference";
  /** Identifier of the item. */
  readonly id: string;
}

/**
 * An entry of a response's own input: an item, or a reference to one.
 *
 * @category Conversation
 */
export type ResponseInputItem = ItemParam | ItemReference;
