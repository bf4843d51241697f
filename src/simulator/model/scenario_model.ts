// This module is browser compatible.

import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import type { Item, UserMessageItem } from "../../protocol/mod.ts";
import { type CallResult, isCallResult } from "./_call_result.ts";
import { defaultListing } from "../_session/mcp/mcp_listing.ts";
import { echoReply, heardSpeech } from "./_echo_reply.ts";
import { wordsBy } from "./_words_by.ts";
import { isUserMessage, messageText } from "./_user_message.ts";
import type { ReplyContext, SimulatedModel, Translation } from "./simulated_model.ts";
import type { PlannedOutput } from "./planned_output.ts";
import type { ReplyPlan } from "./reply_plan.ts";
import type { Scenario, ScenarioResponse, ScenarioTurn } from "./scenario.ts";
import type { ScenarioOutput } from "./scenario_output.ts";

/** Progress of a turn of the script for one message of the user; without a turn the echo model answers it. */
interface Played {
  readonly turn: ScenarioTurn | undefined;
  readonly path: string;
  given: number;
}

/**
 * Options of {@linkcode createScenarioModel}.
 *
 * @category Simulator
 */
export interface ScenarioModelOptions {
  /** Called with the path of a turn when the user takes it, and of a response when the model gives it. */
  readonly onUse?: ((path: string) => void) | undefined;
  /** Called when a typed message does not contain the text for which a turn waits, with its path and the reason. */
  readonly onMismatch?: ((path: string, reason: string) => void) | undefined;
}

/**
 * Creates a model that follows a scenario, and falls back to the echo model.
 *
 * - Each turn of the user takes the next turn of the scenario: speech when it is heard, a typed message when it is
 *   answered. Of several typed messages before a response only the last one takes a turn.
 * - The first response of the turn answers the user. Outputs of functions and answers of MCP servers that have come since
 *   the last response are answered, together, by the next response of the turn that made the call; when the user has
 *   spoken meanwhile, the user is answered first.
 * - A request with nothing new to answer repeats the last response. It gets the next response of the turn after one
 *   that failed or was rejected, and after one with calls when `tool_choice` is now `"none"`: the words while a tool
 *   runs.
 * - A response before the user's first turn is the `opening`; every response after an idle timeout is `idle`.
 * - Responses outside the conversation say those of `outOfBand`, one after the other, and take no turn.
 * - The echo model answers when turns or responses have run out, and when a typed message does not `match`.
 * - Instructions and functions do not affect the script, nor does `tool_choice` otherwise.
 *
 * @category Simulator
 *
 * @param scenario the script, with recordings as samples, see `loadScenario`.
 * @throws {TypeError} when an `audio` is still a path, or an option is unknown.
 */
export function createScenarioModel(scenario: Scenario, options: ScenarioModelOptions = {}): SimulatedModel {
  checkOptions("create the model", options, { onMismatch: 1, onUse: 1 } satisfies OptionNames<ScenarioModelOptions>);
  const { onMismatch = () => {}, onUse = () => {} } = options;
  const plans = new Map<ScenarioResponse | undefined, ReplyPlan>();
  for (const response of responsesOf(scenario)) plans.set(response, planOf(response));
  const translations = new Map(scenario.turns.map((turn) => [turn, translationOf(turn)]));
  const heard = new Map<string, string>();
  const playedFor = new Map<string, Played>();
  const answered = new Set<string>();
  let nextTurn = 0;
  let asides = 0;
  let heardLast: ScenarioTurn | undefined;
  let last: { readonly played: Played; readonly plan: ReplyPlan | undefined } | undefined;

  function begin(user: UserMessageItem): Played {
    const turn = scenario.turns[nextTurn];
    if (turn === undefined) return withoutTurn();
    const { match = "" } = turn;
    const words = messageText(user);
    if (words.toLowerCase().includes(match.toLowerCase())) return take(turn);
    const reason = `no message contains ${JSON.stringify(match)}: the last one is ${JSON.stringify(words)}`;
    onMismatch(`turns[${nextTurn}]`, reason);
    return withoutTurn();
  }

  function take(turn: ScenarioTurn): Played {
    const path = `turns[${nextTurn++}]`;
    onUse(path);
    return { turn, path, given: 0 };
  }

  function planFor(response: ScenarioResponse | undefined, path: string): ReplyPlan | undefined {
    if (response) onUse(path);
    return plans.get(response);
  }

  function aside(): ReplyPlan | undefined {
    const index = asides++;
    return planFor(scenario.outOfBand?.[index], `outOfBand[${index}]`);
  }

  function give(played: Played): ReplyPlan | undefined {
    const index = played.given++;
    const plan = planFor(played.turn?.responses[index], `${played.path}.responses[${index}]`);
    last = { played, plan };
    return plan;
  }

  function scripted({ items, toolChoice }: ReplyContext): ReplyPlan | undefined {
    const user = items.findLast(isUserMessage);
    if (user === undefined) return planFor(scenario.opening, "opening");
    const isNew = ({ id }: Item) => !answered.has(id ?? "");
    const results = items.filter(isCallResult).filter(isNew);
    const hasSpoken = isNew(user);
    for (const { id } of [user, ...results]) answered.add(id ?? "");
    const result = results.at(-1);
    if (!hasSpoken && result === undefined) {
      const { outcome: { status } = {}, outputs = [] } = last?.plan ?? {};
      const mayNotRepeat = toolChoice === "none" && outputs.some(({ type }) => type !== "message");
      return last && (status === "failed" || status === "refused" || mayNotRepeat) ? give(last.played) : last?.plan;
    }
    const played = playedFor.get(user.id ?? "") ?? begin(user);
    playedFor.set(user.id ?? "", played);
    const caller = hasSpoken ? undefined : result && callerOf(result, items);
    return give(playedFor.get(caller?.id ?? "") ?? played);
  }

  /** The silence of an idle timeout takes no turn. */
  function afterSilence(items: readonly Item[]): ReplyPlan | undefined {
    const played = withoutTurn();
    const plan = planFor(scenario.idle, "idle");
    const silenceId = items.at(-1)?.id ?? "";
    answered.add(silenceId);
    playedFor.set(silenceId, played);
    last = { played, plan };
    return plan;
  }

  function plan(context: ReplyContext): ReplyPlan | undefined {
    if (context.outOfBand) return aside();
    return context.idle ? afterSilence(context.items) : scripted(context);
  }

  return {
    hear(audio, itemId) {
      const turn = scenario.turns[nextTurn];
      heardLast = turn;
      if (turn === undefined) return heardSpeech(audio);
      playedFor.set(itemId, take(turn));
      if (turn.user !== undefined) heard.set(itemId, turn.user);
      return { ...turn.transcription, transcript: turn.user ?? heardSpeech(audio) };
    },
    hearSoFar(_itemId, heardMs) {
      const turn = scenario.turns[nextTurn];
      return turn?.transcription?.failure ? "" : wordsBy(turn?.user ?? "Some speech", heardMs);
    },
    reply: (context) => plan(context) ?? echoReply(context, heard),
    listTools: (server) => scenario.mcp?.[server.server_label] ?? defaultListing(server),
    translate: ({ audio, text }) => (heardLast && translations.get(heardLast)) ?? { text, audio },
  };
}

function withoutTurn(): Played {
  return { turn: undefined, path: "", given: 0 };
}

/** The message of the user in whose turn the call of a result was made. */
function callerOf(result: CallResult, items: readonly Item[]): UserMessageItem | undefined {
  const index = result.type === "mcp_call"
    ? items.indexOf(result)
    : items.findLastIndex((item) => item.type === "function_call" && item.call_id === result.call_id);
  return items.slice(0, Math.max(index, 0)).findLast(isUserMessage);
}

function responsesOf({ idle, opening, outOfBand = [], turns }: Scenario): ScenarioResponse[] {
  const all = [opening, idle, ...outOfBand, ...turns.flatMap((turn) => turn.responses)];
  return all.filter((response) => response !== undefined);
}

function planOf(response: ScenarioResponse): ReplyPlan {
  return { ...response, outputs: response.outputs.map(plannedOutput) };
}

function plannedOutput(output: ScenarioOutput): PlannedOutput {
  if (output.type === "message") return loaded(output);
  const { arguments: value, ...call } = output;
  return { ...call, arguments: typeof value === "string" ? value : JSON.stringify(value) };
}

function translationOf({ translation }: ScenarioTurn): Translation | undefined {
  return translation && loaded(translation);
}

/** The same, once it is certain that its audio are samples. */
function loaded<T extends { readonly audio?: string | Int16Array | undefined }>(
  recorded: T,
): Omit<T, "audio"> & { readonly audio?: Int16Array | undefined } {
  const { audio, ...rest } = recorded;
  if (audio === undefined) return rest;
  if (typeof audio !== "string") return { ...rest, audio };
  throw new TypeError(`Cannot play scenario as the recording "${audio}" is a path: it must have been loaded`);
}
