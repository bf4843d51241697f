// This module is browser compatible.

import type { FunctionCallOutputItem, Item, UserMessageItem } from "../protocol/mod.ts";
import { heardSpeech, personaReply } from "./_persona_reply.ts";
import { isUserMessage, messageText } from "./_user_message.ts";
import type { Brain, PlannedOutput, ReplyContext, ReplyPlan } from "./brain.ts";
import type { Scenario, ScenarioOutput, ScenarioResponse, ScenarioTurn } from "./scenario.ts";

/** How far a turn of the script has been played for one message of the user; without a turn the persona answers it. */
interface Played {
  readonly turn: ScenarioTurn | undefined;
  given: number;
}

/**
 * Makes a mind that follows a scenario, and answers as the persona does where the scenario has nothing to say.
 *
 * - Each turn of the user takes the next turn of the scenario: speech when it is heard, a typed message when it is
 *   answered. Of several typed messages before a response only the last one takes a turn.
 * - The first response of the turn answers the user. Function outputs that have come since the last response are
 *   answered, together, by the next response of the turn that made the call; when the user has spoken meanwhile, the
 *   user is answered first.
 * - A response that is asked for with nothing new to answer says the last one again.
 * - A response before the user's first turn says the `opening`, each time.
 * - The persona answers when the turns or the responses of a turn have run out, when a typed message does not `match`,
 *   and in every response outside the conversation, which takes no turn.
 * - Instructions, functions and `tool_choice` do not change what the scenario says.
 *
 * @param scenario what is said; recordings as samples, see `loadScenario`.
 * @throws {TypeError} when a message's `audio` is still a path.
 */
export function createScenarioBrain(scenario: Scenario): Brain {
  const plans = new Map<ScenarioResponse, ReplyPlan>();
  for (const response of [scenario.opening, ...scenario.turns.flatMap((turn) => turn.responses)]) {
    if (response !== undefined) plans.set(response, planOf(response));
  }
  const heard = new Map<string, string>();
  const playedFor = new Map<string, Played>();
  let nextTurn = 0;
  let answered: string | undefined;
  let last: ReplyPlan | undefined;

  function begin(user: UserMessageItem): Played {
    const turn = scenario.turns[nextTurn];
    const typed = messageText(user).toLowerCase();
    if (turn === undefined || !typed.includes((turn.match ?? "").toLowerCase())) return { turn: undefined, given: 0 };
    nextTurn++;
    return { turn, given: 0 };
  }

  function scripted(items: readonly Item[]): ReplyPlan | undefined {
    const trigger = items.findLast((item) => isUserMessage(item) || item.type === "function_call_output");
    const user = items.findLast(isUserMessage);
    if (trigger === undefined || user === undefined) {
      return scenario.opening === undefined ? undefined : plans.get(scenario.opening);
    }
    if (trigger.id === answered) return last;
    answered = trigger.id ?? undefined;
    let played = playedFor.get(user.id ?? "") ?? begin(user);
    playedFor.set(user.id ?? "", played);
    if (played.given > 0 && trigger.type === "function_call_output") {
      played = playedFor.get(callerOf(trigger, items)?.id ?? "") ?? played;
    }
    const response = played.turn?.responses[played.given++];
    last = response === undefined ? undefined : plans.get(response);
    return last;
  }

  return {
    hear(audio, itemId) {
      const turn = scenario.turns[nextTurn];
      if (turn === undefined) return heardSpeech(audio);
      nextTurn++;
      playedFor.set(itemId, { turn, given: 0 });
      if (turn.user !== undefined) heard.set(itemId, turn.user);
      return turn.user ?? heardSpeech(audio);
    },
    reply(context: ReplyContext): ReplyPlan {
      return (context.outOfBand ? undefined : scripted(context.items)) ?? personaReply(context, heard);
    },
  };
}

/** The message of the user in whose turn the call was made that an output belongs to. */
function callerOf(output: FunctionCallOutputItem, items: readonly Item[]): UserMessageItem | undefined {
  const index = items.findLastIndex((item) => item.type === "function_call" && item.call_id === output.call_id);
  return items.slice(0, Math.max(index, 0)).findLast(isUserMessage);
}

function planOf(response: ScenarioResponse): ReplyPlan {
  return { ...response, outputs: response.outputs.map(plannedOutput) };
}

function plannedOutput(output: ScenarioOutput): PlannedOutput {
  if (output.type === "function_call") {
    const text = typeof output.arguments === "string" ? output.arguments : JSON.stringify(output.arguments);
    return { type: "function_call", name: output.name, arguments: text };
  }
  const { audio, ...message } = output;
  if (audio === undefined) return message;
  if (typeof audio !== "string") return { ...message, audio };
  throw new TypeError(`Cannot play scenario as the recording "${audio}" is a path: it must have been loaded`);
}
