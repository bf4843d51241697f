/** Ticks in a second in which Linux counts processor time. */
const TICKS_PER_SECOND = 100;

/** Resource usage of a process and of the whole machine, as reported by Linux; all 0 elsewhere. */
export interface Usage {
  /** Seconds of processor time of the process. */
  readonly process: number;
  /** Seconds of processor time of this process. */
  readonly self: number;
  /** Seconds of processor time of everything on the machine. */
  readonly machine: number;
  /** MiB of memory of the process. */
  readonly memory: number;
}

/** Reads the usage of a process so far. */
export async function readUsage(pid: number): Promise<Usage> {
  const [status, machine, process, self] = await Promise.all([
    tell(`/proc/${pid}/status`),
    tell("/proc/stat"),
    processSeconds(pid),
    processSeconds("self"),
  ]);
  const [user = 0, nice = 0, system = 0] = /^cpu +(.*)/.exec(machine)?.[1]?.split(" ").map(Number) ?? [];
  return {
    process,
    self,
    machine: (user + nice + system) / TICKS_PER_SECOND,
    memory: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
  };
}

async function processSeconds(pid: number | "self"): Promise<number> {
  const fields = (await tell(`/proc/${pid}/stat`)).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

async function tell(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
