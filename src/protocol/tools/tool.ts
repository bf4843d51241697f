// This module is browser compatible.

/**
 * A function that the model may call and the client runs.
 *
 * @category Tools
 */
export interface FunctionTool {
  /** Kind of tool. */
  readonly type: "function";
  /** Name of the function: letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** Describes when and how to call it, and what to tell the user meanwhile. */
  readonly description?: string | undefined;
  /**
   * JSON Schema of the arguments, whose root is an object: `{ type: "object", … }`. By default, the function takes
   * none.
   */
  readonly parameters?: unknown;
}

/**
 * A selection of an MCP server's tools.
 *
 * @category Tools
 */
export interface McpToolFilter {
  /** Names of the tools. */
  readonly tool_names?: readonly string[] | undefined;
  /** Whether tools that call themselves read-only are meant, or those that do not. */
  readonly read_only?: boolean | undefined;
}

/**
 * The tools of an MCP server that wait for the client's approval.
 *
 * @category Tools
 */
export interface McpApprovalFilter {
  /** Tools that always wait. */
  readonly always?: McpToolFilter | undefined;
  /** Tools that never wait. */
  readonly never?: McpToolFilter | undefined;
}

/**
 * A service that OpenAI hosts an MCP server for.
 *
 * @category Tools
 */
export type ConnectorId =
  | "connector_dropbox"
  | "connector_gmail"
  | "connector_googlecalendar"
  | "connector_googledrive"
  | "connector_microsoftteams"
  | "connector_outlookcalendar"
  | "connector_outlookemail"
  | "connector_sharepoint";

/**
 * A permitted caller of a tool: the model itself, or code that the model writes.
 *
 * @category Tools
 */
export type McpCaller = "direct" | "programmatic";

/**
 * The tools of a remote MCP server, which OpenAI's servers call. Needs `server_url`, `connector_id` or `tunnel_id`.
 *
 * @category Tools
 */
export interface McpTool {
  /** Kind of tool. */
  readonly type: "mcp";
  /** Name for the MCP server, repeated in its items. */
  readonly server_label: string;
  /** Address of the MCP server. */
  readonly server_url?: string | undefined;
  /** Service that OpenAI hosts an MCP server for. Deprecated for models released after 2026-09-01. */
  readonly connector_id?: ConnectorId | undefined;
  /** Secure MCP tunnel to the server, instead of its address. */
  readonly tunnel_id?: string | undefined;
  /** Purpose of the MCP server. */
  readonly server_description?: string | undefined;
  /** OAuth access token for the MCP server. */
  readonly authorization?: string | undefined;
  /** HTTP headers for the MCP server. */
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
  /** Tools that may be used, by name or by filter; null or absent: all. */
  readonly allowed_tools?: readonly string[] | McpToolFilter | null | undefined;
  /** The permitted callers of the tools. */
  readonly allowed_callers?: readonly McpCaller[] | null | undefined;
  /**
   * The tools that wait for a `mcp_approval_response`.
   *
   * @default {"always"}
   */
  readonly require_approval?: "always" | "never" | McpApprovalFilter | null | undefined;
  /** Whether the tools are only looked up once the model searches for one. */
  readonly defer_loading?: boolean | undefined;
}

/**
 * A tool that the model may use.
 *
 * @category Tools
 */
export type Tool = FunctionTool | McpTool;

/**
 * Leave the choice to the model, forbid tools, or demand one.
 *
 * @category Tools
 */
export type ToolChoiceMode = "auto" | "none" | "required";

/**
 * Demands a call of one function.
 *
 * @category Tools
 */
export interface ToolChoiceFunction {
  /** Kind of tool. */
  readonly type: "function";
  /** Name of the function. */
  readonly name: string;
}

/**
 * Demands a call of a tool of one MCP server.
 *
 * @category Tools
 */
export interface ToolChoiceMcp {
  /** Kind of tool. */
  readonly type: "mcp";
  /** Name of the MCP server. */
  readonly server_label: string;
  /** Name of the tool; absent or null: any tool of that server. */
  readonly name?: string | null | undefined;
}

/**
 * The tool that the model must use, if any.
 *
 * @category Tools
 */
export type ToolChoice = ToolChoiceMode | ToolChoiceFunction | ToolChoiceMcp;
