import { createSimulator, denoUpgrade, type Simulator } from "@oai-rt/edge/simulator";
import { bannerFor, socketAddress } from "./banner.ts";
import { createMediaPeer, hasMediaPackages, type MediaPeer } from "./media/mod.ts";
import { listen, messageOf } from "./command.ts";
import { type CommandOptions, HELP, readOptions } from "./options.ts";
import { logLine } from "./log_line.ts";
import { Recordings } from "./recordings.ts";
import { ring } from "./telephone.ts";
import { runWithMedia } from "./with_media.ts";

/** Only programs on this machine can connect. */
const HOST = "127.0.0.1";
/** Milliseconds that clients have to close their connections when the command ends; a second signal ends it at once. */
const GRACE_MS = 1000;
/** Signals that end the command. */
const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

/** Serves until it receives a signal. */
function serve(options: CommandOptions, media: MediaPeer | undefined): void {
  const { faults, latency, log, pace, port, record, ring: telephone, scenario, server: imitated, tls } = options;
  const recordings = record === undefined ? undefined : new Recordings(record);
  const simulator = createSimulator({
    answerSdp: media?.answerSdp,
    answerLiveSdp: media?.answerLiveSdp,
    faults,
    latency,
    pace,
    scenario,
    server: imitated,
    upgrade: denoUpgrade(Deno.upgradeWebSocket),
    onFrame(frame) {
      if (log) console.log(logLine(frame));
      recordings?.frame(frame, [...simulator.sessions, ...simulator.liveSessions]);
    },
  });
  const onListen = ({ hostname: host, port }: Deno.NetAddr) => {
    const address = { host, port, isSecure: tls !== undefined };
    console.log(`Listening on ${socketAddress(address)}`);
    console.log(bannerFor(address));
    if (telephone) void ring(simulator, telephone);
  };
  const server = listen(() => Deno.serve({ hostname: HOST, port, onListen, ...tls }, simulator.fetch), port);
  const stop = async () => {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, stop);
    reportExpectations(simulator);
    Deno.unrefTimer(setTimeout(() => Deno.exit(), GRACE_MS));
    await simulator.close();
    await server.shutdown();
    if (!media) return;
    await media.close();
    Deno.exit();
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, stop);
}

/** Ends the command with code 1 when a session lacks an event that the scenario expects from its client. */
function reportExpectations(simulator: Simulator): void {
  try {
    simulator.assertExpectations();
  } catch (error) {
    console.error((error as Error).message); // with the events that were received
    Deno.exitCode = 1;
  }
}

if (import.meta.main) {
  try {
    const options = await readOptions(Deno.args);
    if (!options) console.log(HELP);
    else if (options.webrtc && !hasMediaPackages()) Deno.exit(await runWithMedia(import.meta.url));
    else serve(options, options.webrtc ? await createMediaPeer() : undefined);
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
