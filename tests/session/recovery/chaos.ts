/**
 * Long runs of sessions whose connections end: `deno task chaos [hours]`.
 *
 * @module
 */
import { type ChaosReport, runDay } from "./_chaos_run.ts";

if (import.meta.main) {
  const hours = Number(Deno.args[0] ?? 24);
  const reports: ChaosReport[] = [];
  for (const [name, meanMs] of [["no drops", Infinity], ["7 minutes", 420_000], ["mix", 2_700_000]] as const) {
    const report = await runDay({ hours, meanMs, seed: 1 });
    reports.push(report);
    console.log(name, JSON.stringify(report));
  }
  if (reports.some(({ faults }) => faults.length > 0)) Deno.exit(1);
}
