import { isAllowed, needsApproval } from "../../../../src/simulator/_session/mcp/mcp_approval.ts";
import { assertEquals } from "@std/assert";
import type { McpTool } from "../../../../src/protocol/mod.ts";

const FIND = { name: "find", input_schema: {}, annotations: { readOnlyHint: true } };
const DROP = { name: "drop", input_schema: {} };

function server(fields: Partial<McpTool>): McpTool {
  return { type: "mcp", server_label: "docs", server_url: "https://docs.example/mcp", ...fields };
}

Deno.test("needsApproval() returns true always, never, or by tool name and hint", () => {
  const cases: [McpTool["require_approval"], find: boolean, drop: boolean][] = [
    [undefined, true, true],
    [null, true, true],
    ["always", true, true],
    ["never", false, false],
    [{ never: { tool_names: ["find"] } }, false, true],
    [{ never: { read_only: true } }, false, true],
    [{ always: { tool_names: ["drop"] } }, true, true],
    [{ always: { tool_names: ["drop"] }, never: { tool_names: ["find"] } }, false, true],
    [{ always: { tool_names: ["find"] }, never: { read_only: true } }, true, true],
    [{ never: { tool_names: ["drop"], read_only: true } }, true, true],
    [{}, true, true],
  ];
  for (const [require_approval, find, drop] of cases) {
    const tool = server({ require_approval });
    assertEquals([needsApproval(tool, FIND), needsApproval(tool, DROP)], [find, drop], JSON.stringify(tool));
  }
});

Deno.test("isAllowed() filters tools by name and hint", () => {
  const cases: [McpTool["allowed_tools"], find: boolean, drop: boolean][] = [
    [undefined, true, true],
    [null, true, true],
    [["drop"], false, true],
    [{ tool_names: ["find"] }, true, false],
    [{ read_only: true }, true, false],
    [{ read_only: false }, false, true],
    [{ tool_names: ["drop"], read_only: true }, false, false],
  ];
  for (const [allowed_tools, find, drop] of cases) {
    const tool = server({ allowed_tools });
    assertEquals([isAllowed(tool, FIND), isAllowed(tool, DROP)], [find, drop], JSON.stringify(tool));
  }
});
