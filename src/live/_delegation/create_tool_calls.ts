// This module is browser compatible.
import { systemClock } from "../../_internal/clock.ts";
import { isJoined } from "../_core/link.ts";
import type { LiveCoreOptions } from "../_core/core_options.ts";
import { BackendCalls, type BackendCallsOptions } from "./backend_calls.ts";
import { runTool } from "../../_tools/run_tool.ts";
import { ToolError } from "../../tools/mod.ts";

/** Dependencies of the calls. */
export interface ToolCallsHost extends Pick<BackendCallsOptions, "send" | "emit"> {
  /** Makes the model speak while a tool runs. */
  readonly fill: (instructions: string) => void;
}

/** Creates the calls of a session's backend, which its tools execute. */
export function createToolCalls(options: LiveCoreOptions, { fill, ...wire }: ToolCallsHost): BackendCalls {
  const { clock = systemClock, connection, onToolApproval, toolSession, tools = [] } = options;
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  return new BackendCalls({
    ...wire,
    run: (call, closing) =>
      runTool(byName.get(call.name), call, {
        dispatch: ({ name }) => {
          throw new ToolError(`There is no tool named ${name}`);
        },
        approve: onToolApproval,
        requestFiller: ({ instructions }) => void fill(instructions ?? ""),
        onStart: () => {},
        idle: () => Promise.resolve(),
        session: toolSession,
        clock,
        closing,
        // There is no signal that the user interrupts the model.
        interruption: closing,
      }),
    // A function without a tool is executed by the client that started the session.
    isLeftAlone: (name) => isJoined(connection) && !byName.has(name),
  });
}
