import { RealtimeRest } from "@oai-rt/edge/rest";
import type { RealtimeSessionConfig } from "@oai-rt/edge/protocol";
import { ROOT } from "../../_tools/repository.ts";
import { type SimulatorProcess, startSimulator } from "../../_tools/simulator_process.ts";

/** A simulator that carries the sound of calls, in another process. */
export interface MediaSimulator extends SimulatorProcess {
  /** Base URL of its REST interface. */
  readonly baseUrl: string;
  /** The API of the simulator. */
  readonly rest: RealtimeRest;
  /** Makes a client secret for a page. */
  mint(session?: Partial<RealtimeSessionConfig>): Promise<string>;
}

/** Starts a simulator that carries sound. */
export async function startMediaSimulator(options: readonly string[] = []): Promise<MediaSimulator> {
  const simulator = await startSimulator(ROOT, ["--webrtc", ...options]);
  const baseUrl = simulator.url.replace(/^ws/, "http").replace(/\/realtime$/, "");
  const rest = new RealtimeRest({ apiKey: "sk-test", baseUrl });
  return Object.assign(Object.create(simulator), {
    baseUrl,
    rest,
    async mint(session: Partial<RealtimeSessionConfig> = {}) {
      const audio = { input: { transcription: { model: "whisper-1" } } };
      const config: RealtimeSessionConfig = { type: "realtime", audio, ...session };
      return (await rest.createClientSecret({ session: config })).value;
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  });
}
