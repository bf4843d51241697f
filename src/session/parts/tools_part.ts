// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { aFunction, aNumber, aToolFollowUp } from "../../_internal/option_kinds.ts";
import { at, stringAt } from "../../_internal/wire.ts";
import type { SessionConfig, Tool } from "../../protocol/mod.ts";
import type { RealtimeTool, ToolFollowUp } from "../../tools/mod.ts";
import { toDefinitions, toToolBox } from "../_tools/tool_box.ts";
import { ToolCalls } from "../_tools/tool_calls.ts";
import { DEFAULT_TOOL_ROUNDS } from "../session_limits.ts";
import type { CommandOptions } from "../command_options.ts";
import type { OnToolApproval, ToolDispatcher } from "../tool_hooks.ts";
import type { SessionPart } from "../session_part.ts";

/**
 * Options of {@linkcode toolsPart}.
 *
 * @category Parts
 */
export interface ToolsPartOptions {
  /** Functions that the model can call, with unique names. */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * Decides about calls of tools that need approval.
   *
   * @default {undefined} none is approved
   */
  onToolApproval?: OnToolApproval | undefined;
  /**
   * Executes calls of functions that are not among `tools`, but were described to the model in `session.tools`.
   *
   * @default {undefined} such calls are left to the application
   */
  dispatchTool?: ToolDispatcher | undefined;
  /**
   * Whether the model responds to the outputs of its tool calls; a tool's own `followUp` takes precedence.
   *
   * @default {"respond"}
   */
  toolFollowUp?: ToolFollowUp | undefined;
  /**
   * Maximum number of consecutive responses that are requested for the outputs of tools.
   *
   * @default {16}
   */
  toolRounds?: number | undefined;
}

/**
 * The members that tools add to a session.
 *
 * @category Parts
 */
export interface ToolsApi {
  /**
   * Replaces all tools, including hosted ones, at once: calls that arrive before the server has accepted the new ones
   * are still executed by the old. Errors are those of `update`.
   *
   * @throws {TypeError} when two functions have the same name.
   */
  setTools(tools: readonly (RealtimeTool | Tool)[], options?: CommandOptions): Promise<void>;
}

const NAMES: OptionNames<ToolsPartOptions> = {
  dispatchTool: aFunction,
  onToolApproval: aFunction,
  toolFollowUp: aToolFollowUp,
  toolRounds: aNumber,
  tools: 1,
};

/**
 * Runs the tools that the model calls.
 *
 * @throws {TypeError} when an option is unknown, or `toolFollowUp` has another value.
 * @throws {RangeError} when `toolRounds` is negative or not a number.
 *
 * @category Parts
 */
export function toolsPart(options: ToolsPartOptions = {}): SessionPart<ToolsApi> {
  checkOptions("run tools", options, NAMES);
  return makeToolsPart(options);
}

/** Creates the part for options that have been checked. */
export function makeToolsPart(options: ToolsPartOptions): SessionPart<ToolsApi> {
  const { dispatchTool, onToolApproval, toolFollowUp = "respond", tools = [], toolRounds = DEFAULT_TOOL_ROUNDS } =
    options;
  let box = toToolBox(tools);
  /** Names of the functions that others last described to the server. */
  let described: ReadonlySet<string> | undefined;
  return {
    name: "tools",
    install: (host) => {
      const calls = new ToolCalls(host, {
        find: (name) => box.get(name),
        // Some servers do not report the configured tools.
        isLeftAlone: (name, { config }) =>
          host.isShared || (namesOf(config.tools ?? at(host.config, "tools")) ?? described)?.has(name) === true,
        dispatch: dispatchTool,
        approve: onToolApproval,
        followUp: toolFollowUp,
        maxRounds: toolRounds,
      });
      host.holdIdle({ isBusy: (except) => calls.leadsToSpeech(except), isActive: () => calls.isRunning });
      host.onInterrupt(({ isFinal }) => calls.interrupt(isFinal));
      host.onUnseenEnd((origin) => calls.endUnseen(origin));
      host.provideFollowUps((origin) => calls.followUpOf(origin));
      return {
        on: {
          "response.function_call_arguments.done": (event) => calls.endArguments(event),
          "response.output_item.added": (event) => calls.beginItem(event),
          "response.output_item.done": (event) => calls.endItem(event),
          "conversation.item.retrieved": (event) => calls.endMissed(event),
          "response.done": (event) => calls.endResponse(event),
        },
        onSent: (event) => {
          if (event.type === "session.update") described = namesOf(at(event.session, "tools")) ?? described;
        },
        close: (cause) => calls.close(cause),
        configure: (config) => withTools(config, tools),
        api: {
          setTools: async (tools, options) => {
            const next = toToolBox(tools);
            await host.update({ tools: toDefinitions(tools) }, options, () => void (box = next));
          },
        },
      };
    },
  };
}

/** The configuration with our tools appended. Throws {TypeError} when two have the same name. */
function withTools(config: SessionConfig, tools: readonly RealtimeTool[]): SessionConfig {
  const all = [...(at(config, "tools") ?? []) as readonly Tool[], ...tools];
  toToolBox(all);
  return all.length > 0 ? { ...config, tools: toDefinitions(all) } as SessionConfig : config;
}

/** Names of the functions among tools; `undefined` where there are no tools. */
function namesOf(tools: unknown): ReadonlySet<string> | undefined {
  return Array.isArray(tools) ? new Set(tools.flatMap((tool) => stringAt(tool, "name") ?? [])) : undefined;
}
