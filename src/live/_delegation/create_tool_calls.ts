// This module is browser compatible.
import { isJoined } from "../_core/link.ts";
import type { LiveCoreOptions } from "../_core/core_options.ts";
import { BackendCalls, type BackendCallsOptions } from "./backend_calls.ts";
import { at, stringAt } from "../../_internal/wire.ts";
import type { LiveSessionResource } from "../../protocol/mod.ts";
import { runTool, unknownTool } from "../../_tools/run_tool.ts";

/** Dependencies of the calls. */
export interface ToolCallsHost extends Pick<BackendCallsOptions, "send" | "emit"> {
  /** The session as last reported by the server. */
  readonly config: () => LiveSessionResource | undefined;
  /** Makes the model speak while a tool runs. */
  readonly fill: (instructions: string) => void;
}

/** Creates the calls of a session's backend, which its tools execute. */
export function createToolCalls(options: LiveCoreOptions, { config, fill, ...wire }: ToolCallsHost): BackendCalls {
  const { clock, connection, onToolApproval, toolSession, tools = [] } = options;
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  return new BackendCalls({
    ...wire,
    run: async (call, closing) => {
      const tool = byName.get(call.name);
      if (!tool) return unknownTool(call.name);
      return await runTool(tool, call, {
        dispatch: undefined,
        approve: onToolApproval,
        requestFiller: ({ instructions }) => void fill(instructions ?? ""),
        onStart: () => {},
        idle: () => Promise.resolve(),
        session: toolSession,
        clock,
        closing,
        // There is no signal that the user interrupts the model.
        interruption: closing,
      });
    },
    // A function without a tool is executed by the client that started the session, or declared it without a tool.
    isLeftAlone: (name) => !byName.has(name) && (isJoined(connection) || mayDeclare(config(), name)),
  });
}

/** Whether a session has a function, or does not say which ones it has: a relay may hide them from its page. */
function mayDeclare(session: unknown, name: string): boolean {
  const tools = at(session, "delegation", "responses", "tools");
  return !Array.isArray(tools) || tools.some((tool) => stringAt(tool, "name") === name);
}
