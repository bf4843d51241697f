/**
 * Long runs of sessions whose connections end: `deno task chaos [hours]` in virtual time, and `deno task chaos sockets [sessions]
 * [at once]` on real sockets, through a proxy on whose lines everything goes wrong.
 *
 * @module
 */
import { storm } from "./_socket_storm.ts";
import { type DayReport, runDay } from "./_virtual_day.ts";

/** How much more heap may be in use after a run whose items were deleted, in bytes. */
const MAX_HEAP_GROWTH = 5 * 1024 * 1024;

async function days(hours: number): Promise<boolean> {
  const reports: DayReport[] = [];
  for (const [name, meanMs] of [["no drops", Infinity], ["7 minutes", 420_000], ["mix", 2_700_000]] as const) {
    const report = await runDay({ hours, meanMs, seed: 1, measuresHeap: true });
    reports.push(report);
    console.log(name, JSON.stringify(report));
  }
  return reports.every(({ faults, heapGrowth = 0 }) => faults.length === 0 && heapGrowth <= MAX_HEAP_GROWTH);
}

async function sockets(sessions: number, atOnce: number): Promise<boolean> {
  const report = await storm({ sessions, atOnce, seed: 1 });
  console.log(JSON.stringify(report, null, 2));
  return report.wrong.length === 0;
}

if (import.meta.main) {
  const [first = "24", ...rest] = Deno.args;
  const isFine = first === "sockets"
    ? await sockets(Number(rest[0] ?? 5000), Number(rest[1] ?? 25))
    : await days(Number(first));
  if (!isFine) Deno.exit(1);
}
