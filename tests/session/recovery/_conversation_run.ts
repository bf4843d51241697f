import type { Item } from "../../../src/protocol/mod.ts";
import type { RecoveryLoss, ToolCallDoneEvent } from "../../../src/session/mod.ts";
import { textOf } from "../../../src/session/_conversation/item_content.ts";
import type { Fault } from "../../../src/simulator/mod.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { randomFrom } from "../../_random.ts";
import { called, written } from "../../simulator/_simulated_model.ts";
import { openWorld, withPauses } from "./_world.ts";

/** Moments at which a connection drops, including those of a replay. */
const MOMENTS = [
  "session.created",
  "session.updated",
  "conversation.item.added",
  "conversation.item.done",
  "response.created",
  "response.output_item.added",
  "response.function_call_arguments.done",
  "response.output_item.done",
  "response.done",
];

/**
 * A user writes to a model that calls tools, while connections drop, stall, die and are renewed at random, also in the
 * middle of a replay. Returns differences between the last server's conversation, the session's view of it, and what was
 * reported.
 */
export function runConversation(seed: number): Promise<readonly string[]> {
  const random = randomFrom(seed);
  return withPauses(random, () => run(random));
}

async function run(random: () => number): Promise<readonly string[]> {
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const makeFault = (): Fault => {
    const type = pick(["drop", "drop", "drop", "expire", "silence", "stall"] as const);
    const isAtEvent = random() < 0.7;
    const timing = isAtEvent ? { at: pick(MOMENTS), skip: Math.floor(random() * 3) } : { afterMs: random() * 2000 };
    if (type === "stall") return { type, ms: Math.floor(random() * 4000), ...timing };
    return type === "drop" ? { type, code: pick([1006, 1001, 1011, 1012]), ...timing } : { type, ...timing };
  };
  let isRough = false;
  let calls = 0;
  let runs = 0;
  const reply = () => ({
    outputs: [random() < 0.4 ? called("work", { n: ++calls }) : written("Words and more words.")],
  });
  const work = async () => {
    const output = `output ${++runs}`;
    await new Promise<void>((resolve) => clock.schedule(resolve, random() * 4000));
    return output;
  };
  const { clock, end, events, server, session, simulator } = await openWorld(
    {
      tools: [defineTool({ name: "work", run: work })],
      recovery: { renewBeforeMs: 1_800_000, replay: { maxTokens: 1e9 } },
    },
    {
      latency: pick(["none", { ackMs: 80 }] as const),
      faults: () => isRough && random() < 0.4 ? [makeFault()] : [],
      createModel: () => ({ hear: () => "", reply }),
    },
  );
  isRough = true;
  const lost: RecoveryLoss[] = [];
  for (const type of ["recovered", "renewed"] as const) session.on(type, (event) => void lost.push(...event.lost));
  const done: ToolCallDoneEvent[] = [];
  const faults: string[] = [];
  session.on("tool_call_done", (event) => void done.push(event));
  session.on("tool_call_failed", ({ error }) => void faults.push(`a tool failed: ${error}`));
  const said: string[] = [];
  const rejected: string[] = [];
  const asking = Array.from({ length: 15 }, async (_, index) => {
    await new Promise<void>((resolve) => clock.schedule(resolve, index * 4000));
    const text = `Message ${index}`;
    const sending: Promise<unknown> = random() < 0.5 ? session.ask(text) : session.sendMessage(text);
    await sending.then(() => said.push(text), () => rejected.push(text));
  });
  for (let step = 0; step < 30; step++) {
    if (random() < 0.3) simulator.sessions.at(-1)?.fault(makeFault());
    // Now and then, half an hour passes: the session is renewed.
    await clock.advance(random() < 0.05 ? 1_800_000 : Math.floor(random() * 4000));
  }
  isRough = false;
  let isSettled = false;
  void Promise.all(asking).then(() => isSettled = true);
  await clock.advance(250_000);
  if (!isSettled) faults.push("a question has no outcome");
  if (session.state === "open") faults.push(...compare());
  else faults.push(`the session is ${session.state} after ${events.map(({ type }) => type)}`);
  await end();
  if (clock.pending > 0) faults.push(`${clock.pending} timers are left`);
  return faults;

  function compare(): readonly string[] {
    const found: string[] = [];
    const items = server().items as readonly (Item & { readonly id: string })[];
    const view = session.conversation.getSnapshot();
    const isLost = (id: string | undefined) => lost.some((loss) => loss.id === id);
    const countOf = (text: string) => items.filter((item) => "role" in item && textOf(item) === text).length;
    for (const text of said) {
      const isKnown = countOf(text) === 1 || isLost(view.find((entry) => entry.text === text)?.id);
      if (!isKnown) found.push(`${text} is there ${countOf(text)} times`);
    }
    for (const text of rejected) if (countOf(text) > 1) found.push(`${text} was rejected, and is there more than once`);
    const outputs = items.flatMap((item) => item.type === "function_call_output" ? [item] : []);
    for (const { call_id } of outputs) {
      const before = items.slice(0, items.findIndex((item) => item === outputs.find((one) => one.call_id === call_id)));
      if (!before.some((item) => item.type === "function_call" && item.call_id === call_id)) {
        found.push(`${call_id} is answered before it is made`);
      }
      if (outputs.filter((item) => item.call_id === call_id).length > 1) found.push(`${call_id} is answered twice`);
    }
    for (const { callId, output } of done) {
      if (!outputs.some((item) => item.call_id === callId && item.output === output)) {
        found.push(`the output of ${callId} is missing`);
      }
    }
    const ids = items.map(({ id }) => id);
    const known = view.map(({ id }) => id).filter((id) => ids.includes(id));
    if (known.join() !== ids.join()) found.push(`the view has ${known} of ${ids}`);
    for (const { id, text } of view) {
      if (!ids.includes(id) && !isLost(id)) found.push(`${id} (${text}) is missing, and not reported`);
    }
    const reported = lost.flatMap(({ id, kind }) => id === undefined ? [] : [`${kind} ${id}`]);
    if (new Set(reported).size < reported.length) found.push("a loss is reported twice");
    for (const id of ids) if (isLost(id)) found.push(`${id} is reported lost, and there`);
    return found;
  }
}
