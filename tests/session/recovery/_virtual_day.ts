import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { connect } from "../../../src/connect.ts";
import type { RecoveryLoss } from "../../../src/session/mod.ts";
import { textOf } from "../../../src/session/_conversation/item_content.ts";
import { randomFrom } from "../../_random.ts";

/** How a run is made. */
export interface DayOptions {
  /** Virtual hours. */
  readonly hours: number;
  /** Mean time between drops, in milliseconds. */
  readonly meanMs: number;
  /** Seed of the chance. */
  readonly seed: number;
  /** Whether the heap is measured, for which the garbage collector has to be exposed: `--v8-flags=--expose-gc`. */
  readonly measuresHeap?: boolean | undefined;
}

/** Result of a run. */
export interface DayReport {
  readonly renewals: number;
  readonly recoveries: number;
  readonly said: number;
  readonly rejected: number;
  readonly lost: number;
  /** Heap in use for each item that the conversation holds, in bytes. */
  readonly bytesPerItem?: number | undefined;
  /** Growth of the heap from the first minutes to the end, when the items were deleted, in bytes. */
  readonly heapGrowth?: number | undefined;
  /** Violations. */
  readonly faults: readonly string[];
}

/** A user speaks every minute for the given time, while connections drop at random. */
export async function runDay({ hours, meanMs, measuresHeap = false, seed }: DayOptions): Promise<DayReport> {
  const random = randomFrom(seed);
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, pace: "fast" });
  const connecting = connect({
    apiKey: "sk-test",
    dial: simulator.dial,
    clock,
    outputModalities: ["text"],
    recovery: { replay: { maxTokens: 1e9 } },
  });
  await clock.advance(100);
  const session = await connecting;
  const counts = { renewed: 0, recovered: 0 };
  const losses: RecoveryLoss[] = [];
  const faults: string[] = [];
  for (const type of ["renewed", "recovered"] as const) {
    session.on(type, ({ lost }) => {
      counts[type]++;
      losses.push(...lost);
    });
  }
  session.on("recovery_failed", ({ cause }) => faults.push(`recovery failed: ${cause}`));
  const said: string[] = [];
  const rejected: string[] = [];
  const isDue = (spanMs: number) => random() < spanMs / meanMs;
  let heapBefore = 0;
  for (let minute = 0; minute < hours * 60; minute++) {
    // By then everything has been compiled.
    if (measuresHeap && minute === 10) heapBefore = heapUsed();
    const text = `Utterance ${minute}`;
    const asking = session.ask(text).then(() => said.push(text), () => rejected.push(text));
    if (isDue(60_000)) {
      await clock.advance(Math.floor(random() * 12));
      simulator.sessions[0]?.fault(random() < 0.5 ? { type: "drop" } : { type: "expire" });
    }
    await clock.advance(60_000);
    await asking;
  }
  const texts = (simulator.sessions[0]?.items ?? []).filter((item) => (item as { role?: string }).role === "user")
    .map((item) => textOf(item));
  const entries = session.conversation.getSnapshot();
  for (const text of said) {
    const count = texts.filter((known) => known === text).length;
    const id = entries.find((entry) => entry.text === text)?.id;
    const isReported = losses.some((loss) => loss.id === id);
    if (count !== 1 && !isReported) faults.push(`${text} arrived ${count} times`);
  }
  for (const text of rejected) if (texts.includes(text)) faults.push(`${text} was rejected, and arrived`);
  const report = { said: said.length, rejected: rejected.length, lost: losses.length };
  const heap = measuresHeap ? await measureDeletion() : {};
  const closing = session.close();
  await clock.advance(10_000);
  await closing;
  if (clock.pending > 0) faults.push(`${clock.pending} timers are left`);
  return {
    renewals: counts.renewed,
    recoveries: counts.recovered,
    ...report,
    ...heap,
    faults,
  };

  /** Deletes all items; measures before and after. */
  async function measureDeletion(): Promise<Pick<DayReport, "bytesPerItem" | "heapGrowth">> {
    const ids = session.conversation.getSnapshot().map(({ id }) => id);
    const withItems = heapUsed();
    for (const id of ids) {
      const deleting = session.deleteItem(id).catch((error) => faults.push(`${id} cannot be deleted: ${error}`));
      await clock.advance(10);
      await deleting;
    }
    const left = session.conversation.getSnapshot().length;
    if (left > 0) faults.push(`${left} items are left`);
    said.length = rejected.length = losses.length = 0;
    await clock.advance(60_000);
    const without = heapUsed();
    return {
      // The simulator has each item, too.
      bytesPerItem: Math.round((withItems - without) / Math.max(1, ids.length)),
      heapGrowth: without - heapBefore,
    };
  }
}

/** Bytes of the heap that are in use. */
function heapUsed(): number {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (!gc) throw new Error("Cannot measure the heap without --v8-flags=--expose-gc");
  gc();
  gc();
  return Deno.memoryUsage().heapUsed;
}
