// This module is browser compatible.

import type { FunctionTool, Item, ToolChoice } from "../../protocol/mod.ts";
import { type AskedTool, toolMeant, toolsNamed } from "./_asked_tools.ts";
import { type CallResult, isCallResult } from "./_call_result.ts";
import { longAnswer, secondsAsked, secondsOrdered } from "./_long_answer.ts";
import { isUserMessage, messageText } from "./_user_message.ts";
import type { KnownMcpTool, ReplyContext } from "./simulated_model.ts";
import type { PlannedFunctionCall, PlannedMcpCall, PlannedMessage } from "./planned_output.ts";
import type { ReplyPlan } from "./reply_plan.ts";
import { sampleArguments } from "../sample_arguments.ts";

/** Longest part of the user's words that is considered, in characters. */
const MAX_TEXT = 4000;
/** Longest part of a text that the answer repeats, in characters. */
const MAX_QUOTE = 300;

const CALL_TYPES: ReadonlySet<string> = new Set(["function_call", "function_call_output", "mcp_call"]);

/** State of the conversation. */
interface Turn {
  /** The user's last words, spoken or written; empty when unknown. */
  readonly text: string;
  /** The sound of it. */
  readonly audio: Int16Array | undefined;
  /** Number of attached images. */
  readonly images: number;
  /** Whether the user has said anything. */
  readonly begun: boolean;
  /** The items since then. */
  readonly since: readonly Item[];
}

/**
 * The answer of the echo model.
 *
 * @param context the context of the response.
 * @param heard known words of the user, by the ids of audio items.
 */
export function echoReply(context: ReplyContext, heard: ReadonlyMap<string, string>): ReplyPlan {
  if (context.idle) return { outputs: [{ type: "message", text: "Are you still there?" }] };
  const turn = turnOf(context, heard);
  const calls = chooseCalls(context, turn);
  return { outputs: calls.length > 0 ? calls : [answer(context, turn)] };
}

/** The echo model's transcript of audio: it cannot recognize words. */
export function heardSpeech(audio: Int16Array): string {
  return `Some speech, ${(audio.length / 24_000).toFixed(1)}s`;
}

function turnOf(context: ReplyContext, heard: ReadonlyMap<string, string>): Turn {
  const { items } = context;
  const index = items.findLastIndex(isUserMessage);
  const user = items[index];
  const since = items.slice(index + 1);
  if (user === undefined || !isUserMessage(user)) return { text: "", audio: undefined, images: 0, begun: false, since };
  return {
    text: messageText(user, heard.get(user.id ?? "")).slice(0, MAX_TEXT),
    audio: context.audioOf(user.id ?? ""),
    images: user.content.filter((part) => part.type === "input_image").length,
    begun: true,
    since,
  };
}

function chooseCalls(context: ReplyContext, turn: Turn): (PlannedFunctionCall | PlannedMcpCall)[] {
  const { mcpTools = [], ownToolChoice, parallelToolCalls = true, toolChoice } = context;
  /** The MCP servers of the tools that the API calls, rather than the client. */
  const servers = new Map(mcpTools.map((tool) => [asFunction(tool), tool.server_label]));
  const tools = [...context.tools, ...servers.keys()];
  if (toolChoice === "none" || tools.length === 0) return [];
  const hasCalled = turn.since.some(({ type }) => CALL_TYPES.has(type));
  const isForced = toolChoice !== "auto" && (ownToolChoice || !hasCalled);
  if (hasCalled && !isForced) return [];
  const [first] = tools;
  let asked: AskedTool[];
  if (typeof toolChoice === "object") {
    const wanted = tools.find((tool) => isChosen(tool, servers.get(tool), toolChoice));
    asked = wanted ? [toolsNamed(turn.text, [wanted])[0] ?? { tool: wanted, text: turn.text }] : [];
  } else {
    asked = toolsAsked(turn.text, tools);
    if (asked.length === 0 && isForced && first !== undefined) asked = [{ tool: first, text: turn.text }];
  }
  return (parallelToolCalls ? asked : asked.slice(0, 1)).map(({ tool, text }) => {
    const { name, parameters } = tool;
    const call = { name, arguments: JSON.stringify(sampleArguments(parameters, { text })) };
    const server_label = servers.get(tool);
    if (server_label === undefined) return { type: "function_call", ...call };
    return { type: "mcp_call", server_label, ...call, output: `a simulated result for ${call.arguments}` };
  });
}

function asFunction({ description, input_schema, name }: KnownMcpTool): FunctionTool {
  return { type: "function", name, description: description ?? undefined, parameters: input_schema };
}

function isChosen(tool: FunctionTool, server: string | undefined, choice: Exclude<ToolChoice, string>): boolean {
  if (choice.type === "function") return server === undefined && tool.name === choice.name;
  return server === choice.server_label && (choice.name ?? tool.name) === tool.name;
}

function toolsAsked(text: string, tools: readonly FunctionTool[]): AskedTool[] {
  const named = toolsNamed(text, tools);
  // A long story about the weather is a story, not a weather request.
  if (named.length > 0 || secondsOrdered(text) !== undefined) return named;
  const meant = toolMeant(text, tools);
  return meant === undefined ? [] : [meant];
}

function answer(context: ReplyContext, turn: Turn): PlannedMessage {
  const outputs = turn.since.filter(isCallResult);
  // After a call of a function, a duration in the text most likely belonged to the function.
  const asked = outputs.length > 0 ? secondsOrdered(turn.text) : secondsAsked(turn.text);
  if (outputs.length === 0 && turn.audio !== undefined && context.modality === "audio" && asked === undefined) {
    return { type: "message", text: turn.text || heardSpeech(turn.audio), audio: turn.audio };
  }
  const opening = outputs.length > 0
    ? outputs.map((item) => told(item, context.items)).join(" ")
    : remark(context, turn);
  const seconds = asked ?? secondsOrdered(context.instructions);
  return { type: "message", text: seconds === undefined ? opening : longAnswer(opening, seconds) };
}

function told(result: CallResult, items: readonly Item[]): string {
  const name = nameOf(result, items);
  if (result.type === "mcp_call" && result.error) return `${name} failed: ${quote(result.error.message)}`;
  return result.output ? `${name} answered: ${quote(result.output)}` : `${name} answered nothing.`;
}

function nameOf(result: CallResult, items: readonly Item[]): string {
  if (result.type === "mcp_call") return result.name;
  const call = items.find((item) => item.type === "function_call" && item.call_id === result.call_id);
  return call?.type === "function_call" ? call.name : "The tool";
}

function remark({ items }: ReplyContext, turn: Turn): string {
  const last = items.at(-1);
  if (last?.type === "message" && last.role === "system") {
    return `I have been told: ${quote(messageText(last))}`;
  }
  if (!turn.begun) return "Hello! I am a simulated model. What can I do for you?";
  const text = turn.text || (turn.audio === undefined ? "" : heardSpeech(turn.audio));
  const images = turn.images === 0 ? "" : turn.images === 1 ? "I see an image." : `I see ${turn.images} images.`;
  if (text === "") return images || "You said nothing.";
  return `You said: ${quote(text)}${images === "" ? "" : ` ${images}`}`;
}

/** The text, cut if it is long, as a sentence. */
function quote(text: string): string {
  const characters = [...text.trim()];
  if (characters.length > MAX_QUOTE) return `${characters.slice(0, MAX_QUOTE).join("")}…`;
  return /[.!?…。！？]["”'»)]?$/u.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
