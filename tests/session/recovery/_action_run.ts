import type { ConnectOptions } from "../../../src/connect.ts";
import type { Item } from "../../../src/protocol/mod.ts";
import type { RecoveryLoss } from "../../../src/session/mod.ts";
import type { Fault } from "../../../src/simulator/mod.ts";
import type { PlannedOutput } from "../../../src/simulator/model/planned_output.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { randomFrom } from "../../_random.ts";
import { called, written } from "../../simulator/_simulated_model.ts";
import { pick, RandomClient } from "../runs/_random_actions.ts";
import { openWorld, withPauses, type World } from "./_world.ts";

const STEPS = 25;

/** Longer than anything in a run takes, in virtual milliseconds. */
const LONG_MS = 200_000;

/** Half of the life of a session, after which it is renewed here. */
const HALF_LIFE_MS = 1_800_000;

const MOMENTS = [
  "session.created",
  "session.updated",
  "conversation.item.added",
  "conversation.item.done",
  "conversation.item.deleted",
  "response.created",
  "response.output_item.done",
  "response.function_call_arguments.done",
  "response.done",
  "input_audio_buffer.committed",
];

/**
 * Performs random actions of a client, with function calls, hosted tools and aborts among them, while connections drop,
 * stall, die, are renewed, and cannot be opened. Returns everything that is wrong: promises that do not settle, errors
 * of parts and listeners, losses that are not reported, or reported although nothing was lost, and what is left over.
 */
export function runActions(seed: number): Promise<readonly string[]> {
  const random = randomFrom(seed);
  return withPauses(random, () => run((end) => Math.floor(random() * end)));
}

async function run(below: (end: number) => number): Promise<readonly string[]> {
  const faults: string[] = [];
  const makeFault = (): Fault => {
    const type = pick(["drop", "drop", "drop", "expire", "silence", "stall"] as const, below)!;
    const timing = below(10) < 7 ? { at: pick(MOMENTS, below)!, skip: below(3) } : { afterMs: below(2000) };
    if (type === "stall") return { type, ms: below(4000), ...timing };
    return type === "drop" ? { type, code: pick([1006, 1001, 1011, 1012], below)!, ...timing } : { type, ...timing };
  };
  let isRough = false;
  const output = (): PlannedOutput => {
    const kind = below(10);
    if (kind < 3) return called(pick(["fast", "slow", "unknown"], below)!, {});
    return kind === 3
      ? { type: "mcp_call", server_label: "docs", name: "find", arguments: "{}", output: "Found." }
      : written("Words and more words.");
  };
  const later = <T>(value: T, ms: number) =>
    new Promise<T>((resolve) => world.clock.schedule(() => resolve(value), below(ms)));
  const options: ConnectOptions = {
    apiKey: () => {
      if (isRough && below(5) === 0) throw new Error("There is no key");
      return "sk-test";
    },
    recovery: { renewBeforeMs: HALF_LIFE_MS, replay: { maxTokens: below(4) ? 1e9 : 60 } },
    tools: [
      defineTool({ name: "fast", run: () => "fast" }),
      defineTool({ name: "slow", run: () => later("slow", 6000) }),
    ],
    session: {
      tools: [{ type: "mcp", server_label: "docs", server_url: "https://docs.example", require_approval: "always" }],
    },
    onMcpApproval: () => later(true, 3000),
    turnDetection: below(2) ? null : undefined,
  };
  const world: World = await openWorld(options, {
    faults: () => isRough && below(10) < 4 ? [makeFault()] : [],
    createModel: () => ({ hear: () => "What the user said.", reply: () => ({ outputs: [output()] }) }),
  });
  const { clock, session, simulator } = world;
  const pending = new Set<string>();
  const lost: RecoveryLoss[] = [];
  const deleted = new Set<string>();
  let watched = 0;
  const watch = (name: string, promise: Promise<unknown>) => {
    const key = `${name} ${watched++}`;
    pending.add(key);
    promise.catch(() => {}).then(() => pending.delete(key));
  };
  session.on("conversation.item.deleted", ({ item_id }) => void deleted.add(item_id ?? ""));
  session.on("part_failed", ({ error }) => void faults.push(`a part failed: ${error}`));
  // The request that a decision is about may not have fit into the replay.
  session.on("listener_failed", ({ error }) => {
    if (!/no approval request|took longer/.test(`${error}`)) faults.push(`a listener failed: ${error}`);
  });
  for (const type of ["recovered", "renewed"] as const) {
    session.on(type, ({ gapMs, lost: more, restored }) => {
      lost.push(...more);
      const ids = idsOf(world);
      const missing = restored.filter((id) => ids.length > 0 && !ids.includes(id) && !deleted.has(id));
      if (missing.length > 0 || gapMs < 0) faults.push(`${type} claims ${missing} after ${gapMs} ms`);
    });
  }
  const client = new RandomClient(session, below, watch);
  isRough = true;
  for (let step = 0; step < STEPS; step++) {
    client.act();
    if (below(4) === 0) {
      const controller = new AbortController();
      watch("ask and abort", session.ask("Never mind", { signal: controller.signal }));
      clock.schedule(() => controller.abort(), below(2000));
    }
    if (below(4) === 0) simulator.sessions.at(-1)?.fault(makeFault());
    // Often nothing, so that things happen at the same time.
    await clock.advance(below(12) ? Math.max(0, below(2000) - 500) : HALF_LIFE_MS);
  }
  await clock.advance(LONG_MS);
  isRough = false;
  // Faults that have not happened yet go with their connections.
  for (const server of simulator.sessions) server.fault({ type: "drop" });
  await clock.advance(LONG_MS);
  const hanging = [...pending].filter((name) => !name.startsWith("respond beside"));
  if (hanging.length > 0) faults.push(`${hanging} are pending`);
  const answer = await world.until(session.ask("Are you there?"));
  if (answer.status !== "completed") faults.push(`the last question was ${answer.status}`);
  // A decision may be pending.
  await clock.advance(5000);
  faults.push(...compare(world, lost, deleted));
  await world.end();
  if (pending.size > 0) faults.push(`${[...pending]} are pending after the end`);
  if (clock.pending + simulator.sessions.length > 0) faults.push("timers or connections are left");
  return faults;
}

/** Differences between the conversation of the server, the view of it, and the reports. */
function compare(
  { server, session }: World,
  lost: readonly RecoveryLoss[],
  deleted: ReadonlySet<string>,
): readonly string[] {
  const ids = idsOf({ server });
  const view = session.conversation.getSnapshot();
  const isLost = (id: string) => lost.some((loss) => loss.id === id);
  const found: string[] = [];
  for (const { id } of view) if (!ids.includes(id) && !isLost(id)) found.push(`${id} is missing, and not reported`);
  for (const id of ids) {
    if (isLost(id)) found.push(`${id} is reported lost, and there`);
    if (!view.some((entry) => entry.id === id)) found.push(`${id} is not in the view`);
  }
  const items = server().items as readonly Item[];
  const answered = items.flatMap((item) => item.type === "function_call_output" ? [item.call_id] : []);
  if (new Set(answered).size < answered.length) found.push("a call is answered twice");
  for (const item of items) {
    const isOpen = item.type === "function_call" && !answered.includes(item.call_id ?? "");
    if (isOpen && deleted.size === 0) found.push(`${item.call_id} is not answered`);
  }
  if (items.filter(({ type }) => type === "mcp_list_tools").length > 1) found.push("hosted tools are listed twice");
  const reported = lost.flatMap(({ id, kind }) => id === undefined ? [] : [`${kind} ${id}`]);
  if (new Set(reported).size < reported.length) found.push("a loss is reported twice");
  return found;
}

function idsOf({ server }: Pick<World, "server">): readonly string[] {
  return (server()?.items ?? []).map((item) => (item as { readonly id?: string }).id ?? "");
}
