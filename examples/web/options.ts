import { parseArgs } from "node:util";
import type { SimulatorPace } from "@oai-rt/edge/simulator";

/** Options of the command. */
export interface DemoOptions {
  /** Port to listen on; 0 selects a free one. */
  readonly port: number;
  /** Key of the real API; without it the simulator answers. */
  readonly apiKey: string | undefined;
  /** How fast the simulator sends audio. */
  readonly pace: SimulatorPace;
}

/** Reads the command line: `--port N`, `--pace P`. */
export function readOptions(args: readonly string[]): DemoOptions {
  const options = { port: { type: "string" }, pace: { type: "string" } } as const;
  const { port = "8788", pace = "4" } = parseArgs({ args: [...args], options }).values;
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    throw new RangeError(`Cannot listen as --port must be an integer from 0 to 65535: current value is ${port}`);
  }
  return { port: Number(port), apiKey: Deno.env.get("OPENAI_API_KEY") || undefined, pace: readPace(pace) };
}

function readPace(text: string): SimulatorPace {
  if (text === "realtime" || text === "fast") return text;
  const pace = Number(text);
  if (pace > 0 && pace < Infinity) return pace;
  throw new RangeError(`Cannot start as --pace must be realtime, fast or a number > 0: current value is ${text}`);
}
