import type { RealtimeSessionConfig } from "@oai-rt/edge/protocol";
import { RealtimeRest } from "@oai-rt/edge/rest";
import { ROOT } from "../../_tools/repository.ts";
import { type SimulatorProcess, startSimulator } from "../../_tools/servers/simulator_process.ts";

/** A simulator that carries the sound of calls, in another process. */
export interface MediaSimulator extends AsyncDisposable {
  /** Base URL of its REST interface. */
  readonly baseUrl: string;
  /** The API of the simulator. */
  readonly rest: RealtimeRest;
  /** Id of the process that carries the sound. */
  readonly mediaPid: number;
  /** Creates a client secret for a page. */
  mint(session?: Partial<RealtimeSessionConfig>): Promise<string>;
}

/** Starts a simulator that carries sound. */
export async function startMediaSimulator(options: readonly string[] = []): Promise<MediaSimulator> {
  const simulator = await startSimulator(ROOT, ["--webrtc", ...options]);
  const baseUrl = simulator.url.replace(/^ws/, "http").replace(/\/realtime$/, "");
  const rest = new RealtimeRest({ apiKey: "sk-test", baseUrl });
  return {
    baseUrl,
    rest,
    mediaPid: await childOf(simulator),
    async mint(session = {}) {
      const audio = { input: { transcription: { model: "whisper-1" } } };
      const config: RealtimeSessionConfig = { type: "realtime", audio, ...session };
      return (await rest.createClientSecret({ session: config })).value;
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}

/** The command starts itself again, with the packages for media. */
async function childOf({ pid }: SimulatorProcess): Promise<number> {
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return Number(children.trim().split(" ")[0]);
}
