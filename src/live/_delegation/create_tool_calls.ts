// This module is browser compatible.
import { systemClock } from "../../_internal/clock.ts";
import { isJoined } from "../_core/link.ts";
import type { LiveCoreOptions } from "../_core/core_options.ts";
import { BackendCalls, type BackendCallsOptions } from "./backend_calls.ts";
import { runTool } from "../../_tools/run_tool.ts";
import { ToolError } from "../../tools/mod.ts";

/** What the calls need of the session around them. */
export interface ToolCallsHost extends Pick<BackendCallsOptions, "send" | "emit"> {
  /** Has the model say something while a tool runs. */
  readonly fill: (instructions: string) => void;
}

/** Makes the calls of a session's backend, which its tools carry out. */
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
        // Nothing tells that the user talks over the model.
        interruption: closing,
      }),
    // What somebody who has joined has no tool for, whoever started the session carries out.
    isLeftAlone: (name) => isJoined(connection) && !byName.has(name),
  });
}
