// This module is browser compatible.
import * as v from "valibot";
import { choose, either, kinds } from "./choice.ts";
import { maybeText } from "./inbound.ts";
import { pure } from "./pure.ts";
import { functionName, optionalFlag, optionalText } from "./rules.ts";
import { closed, isObject, list, mapOf, oneOf, open, refine, text } from "./shape.ts";

export const McpToolFilterSchema = /* @__PURE__ */ pure(() =>
  closed({
    tool_names: v.optional(list(text)),
    read_only: optionalFlag,
  })
);

export const McpApprovalFilterSchema = /* @__PURE__ */ pure(() =>
  closed({
    always: v.optional(McpToolFilterSchema),
    never: v.optional(McpToolFilterSchema),
  })
);

/** JSON Schema of arguments, which are an object. */
const ParametersSchema = /* @__PURE__ */ pure(() =>
  open({ type: oneOf("object") }) as v.GenericSchema as v.UnknownSchema
);

export const ToolSchemas = /* @__PURE__ */ pure(() =>
  kinds(closed, {
    function: { name: functionName, description: optionalText, parameters: v.optional(ParametersSchema) },
    mcp: {
      server_label: text,
      server_url: optionalText,
      connector_id: v.optional(oneOf(
        "connector_dropbox",
        "connector_gmail",
        "connector_googlecalendar",
        "connector_googledrive",
        "connector_microsoftteams",
        "connector_outlookcalendar",
        "connector_outlookemail",
        "connector_sharepoint",
      )),
      tunnel_id: optionalText,
      server_description: optionalText,
      authorization: optionalText,
      headers: v.nullish(mapOf(text)),
      allowed_tools: v.nullish(either(Array.isArray, list(text), McpToolFilterSchema)),
      allowed_callers: v.nullish(list(oneOf("direct", "programmatic"))),
      require_approval: v.nullish(either(isObject, McpApprovalFilterSchema, oneOf("always", "never"))),
      defer_loading: optionalFlag,
    },
  })
);

const MCP_ADDRESSES = ["server_url", "connector_id", "tunnel_id"] as const;

export const ToolSchema = /* @__PURE__ */ pure(() =>
  refine(
    choose(ToolSchemas),
    { kind: "any_key", keys: MCP_ADDRESSES },
    (tool) => tool.type !== "mcp" || MCP_ADDRESSES.some((key) => tool[key] !== undefined),
  )
);

export const ToolChoiceSchema = /* @__PURE__ */ pure(() =>
  either(
    isObject,
    choose(kinds(closed, {
      function: { name: functionName },
      mcp: { server_label: text, name: maybeText },
    })),
    oneOf("auto", "none", "required"),
  )
);
