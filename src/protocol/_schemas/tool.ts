// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type * as v from "valibot";
import { branch, variant, variants } from "./variants.ts";
import { hintedObject } from "./hinted_object.ts";
import { nullishString } from "./inbound.ts";
import { lazy } from "./lazy.ts";
import { functionName, optionalBoolean, optionalString } from "./rules.ts";
import { array, looseObject, nullish, optional, picklist, record, refine, string } from "./shape.ts";

export const McpToolFilterSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({
    tool_names: optional(array(string)),
    read_only: optionalBoolean,
  })
);

export const McpApprovalFilterSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({
    always: optional(McpToolFilterSchema),
    never: optional(McpToolFilterSchema),
  })
);

/** JSON Schema of arguments, which are an object. */
const ParametersSchema = /* @__PURE__ */ lazy(() =>
  looseObject({ type: picklist("object") }) as v.GenericSchema as v.UnknownSchema
);

export const ToolSchemas = /* @__PURE__ */ lazy(() =>
  variants(hintedObject, {
    function: { name: functionName, description: optionalString, parameters: optional(ParametersSchema) },
    mcp: {
      server_label: string,
      server_url: optionalString,
      connector_id: optional(picklist(
        "connector_dropbox",
        "connector_gmail",
        "connector_googlecalendar",
        "connector_googledrive",
        "connector_microsoftteams",
        "connector_outlookcalendar",
        "connector_outlookemail",
        "connector_sharepoint",
      )),
      tunnel_id: optionalString,
      server_description: optionalString,
      authorization: optionalString,
      headers: nullish(record(string)),
      allowed_tools: nullish(branch(Array.isArray, array(string), McpToolFilterSchema)),
      allowed_callers: nullish(array(picklist("direct", "programmatic"))),
      require_approval: nullish(branch(isRecord, McpApprovalFilterSchema, picklist("always", "never"))),
      defer_loading: optionalBoolean,
    },
  })
);

const MCP_ADDRESSES = ["server_url", "connector_id", "tunnel_id"] as const;

export const ToolSchema = /* @__PURE__ */ lazy(() =>
  refine(
    variant(ToolSchemas),
    { kind: "any_key", keys: MCP_ADDRESSES },
    "have a server_url, connector_id or tunnel_id",
    (tool) => tool.type !== "mcp" || MCP_ADDRESSES.some((key) => tool[key] !== undefined),
  )
);

export const ToolChoiceSchema = /* @__PURE__ */ lazy(() =>
  branch(
    isRecord,
    variant(variants(hintedObject, {
      function: { name: functionName },
      mcp: { server_label: string, name: nullishString },
    })),
    picklist("auto", "none", "required"),
  )
);
