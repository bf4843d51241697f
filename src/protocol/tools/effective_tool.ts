// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { ConnectorId, McpCaller } from "./tool.ts";
import type { UnknownKind } from "../unknown_kind.ts";

/**
 * A selection of an MCP server's tools, as reported by the server.
 *
 * @category Tools
 */
export interface EffectiveMcpToolFilter {
  /** Names of the tools. */
  readonly tool_names?: readonly string[] | null | undefined;
  /** Whether tools that call themselves read-only are meant, or those that do not. */
  readonly read_only?: boolean | null | undefined;
}

/**
 * The tools of an MCP server that wait for the client's approval, as reported by the server.
 *
 * @category Tools
 */
export interface EffectiveMcpApprovalFilter {
  /** Tools that always wait. */
  readonly always?: EffectiveMcpToolFilter | null | undefined;
  /** Tools that never wait. */
  readonly never?: EffectiveMcpToolFilter | null | undefined;
}

/**
 * A function tool as the server reports it.
 *
 * @category Tools
 */
export interface EffectiveFunctionTool {
  /** Kind of tool. */
  readonly type: "function";
  /** Name of the function. */
  readonly name?: string | null | undefined;
  /** Describes when and how to call it. */
  readonly description?: string | null | undefined;
  /** JSON Schema of the arguments. */
  readonly parameters?: unknown;
}

/**
 * An MCP tool as the server reports it. The server does not repeat secrets.
 *
 * @category Tools
 */
export interface EffectiveMcpTool {
  /** Kind of tool. */
  readonly type: "mcp";
  /** Name for the MCP server. */
  readonly server_label: string;
  /** Address of the MCP server. */
  readonly server_url?: string | null | undefined;
  /** Service that OpenAI hosts an MCP server for. */
  readonly connector_id?: OpenEnum<ConnectorId> | null | undefined;
  /** Secure MCP tunnel to the server. */
  readonly tunnel_id?: string | null | undefined;
  /** Purpose of the MCP server. */
  readonly server_description?: string | null | undefined;
  /** OAuth access token for the MCP server. */
  readonly authorization?: string | null | undefined;
  /** HTTP headers for the MCP server. */
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
  /** Tools that may be used, by name or by filter; null or absent: all. */
  readonly allowed_tools?: readonly string[] | EffectiveMcpToolFilter | null | undefined;
  /** The permitted callers of the tools. */
  readonly allowed_callers?: readonly OpenEnum<McpCaller>[] | null | undefined;
  /** The tools that wait for a `mcp_approval_response`. */
  readonly require_approval?: OpenEnum<"always" | "never"> | EffectiveMcpApprovalFilter | null | undefined;
  /** Whether the tools are only looked up once the model searches for one. */
  readonly defer_loading?: boolean | null | undefined;
}

/**
 * A tool of a kind newer than this version.
 *
 * @category Tools
 */
export type UnknownTool = UnknownKind;

/**
 * A tool as the server reports it, of a kind this version knows.
 *
 * @category Tools
 */
export type EffectiveTool = EffectiveFunctionTool | EffectiveMcpTool;

/**
 * The tool that the model must use, as reported by the server: a word, or one tool.
 *
 * @category Tools
 */
export type EffectiveToolChoice = OpenEnum<"auto" | "none" | "required"> | EffectiveToolChoiceTarget;

/**
 * The tool that the model must use.
 *
 * @category Tools
 */
export interface EffectiveToolChoiceTarget {
  /** Kind of tool. */
  readonly type: OpenEnum<"function" | "mcp">;
  /** Name of the function, or of the MCP server's tool. */
  readonly name?: string | null | undefined;
  /** Name of the MCP server. */
  readonly server_label?: string | null | undefined;
}

/**
 * Whether a tool is of a kind that this version knows.
 *
 * @category Tools
 */
export function isKnownTool(tool: { readonly type: string }): tool is EffectiveTool {
  return tool.type === "function" || tool.type === "mcp";
}
