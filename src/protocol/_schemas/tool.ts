// This module is browser compatible.
import * as v from "valibot";
import { choose, either, kinds } from "./choice.ts";
import { maybeText, text } from "./inbound.ts";
import { pure } from "./pure.ts";
import { functionName, optionalFlag, optionalText, rule } from "./rules.ts";
import { closed, isObject, list, mapOf } from "./shape.ts";

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

export const ToolSchemas = /* @__PURE__ */ pure(() =>
  kinds(closed, {
    function: { name: functionName, description: optionalText, parameters: v.optional(v.unknown()) },
    mcp: {
      server_label: text,
      server_url: optionalText,
      connector_id: v.optional(v.picklist([
        "connector_dropbox",
        "connector_gmail",
        "connector_googlecalendar",
        "connector_googledrive",
        "connector_microsoftteams",
        "connector_outlookcalendar",
        "connector_outlookemail",
        "connector_sharepoint",
      ])),
      tunnel_id: optionalText,
      server_description: optionalText,
      authorization: optionalText,
      headers: v.nullish(mapOf(text)),
      allowed_tools: v.nullish(either(Array.isArray, list(text), McpToolFilterSchema)),
      allowed_callers: v.nullish(list(v.picklist(["direct", "programmatic"]))),
      require_approval: v.nullish(either(isObject, McpApprovalFilterSchema, v.picklist(["always", "never"]))),
      defer_loading: optionalFlag,
    },
  })
);

export const ToolSchema = /* @__PURE__ */ pure(() =>
  rule(
    choose(ToolSchemas),
    "must have a server_url, connector_id or tunnel_id",
    (tool) => tool.type !== "mcp" || (tool.server_url ?? tool.connector_id ?? tool.tunnel_id) !== undefined,
  )
);

export const ToolChoiceSchema = /* @__PURE__ */ pure(() =>
  either(
    isObject,
    choose(kinds(closed, {
      function: { name: functionName },
      mcp: { server_label: text, name: maybeText },
    })),
    v.picklist(["auto", "none", "required"]),
  )
);
