import { createSimulator, denoUpgrade, type SimulatedFrame } from "@oai-rt/edge/simulator";
import { type CommandOptions, HELP, messageOf, readOptions } from "./options.ts";

/** What ends the command. */
const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

/** Prints who sent what, without the audio. */
function logFrame({ data, from, sessionId = "refused" }: SimulatedFrame): void {
  const arrow = from === "client" ? "<-" : "->";
  const text = typeof data === "string" ? data : `${data.length} bytes in a binary frame`;
  const shown = text.replaceAll(/"(audio|delta)":"([^"]{80})[^"]*"/g, '"$1":"$2…"');
  console.log(`${sessionId} ${arrow} ${shown}`);
}

/** Serves until a signal comes; a second one does not wait for clients that do not answer. */
function serve({ log, pace, port, scenario, tls }: CommandOptions): void {
  const simulator = createSimulator({
    pace,
    scenario,
    upgrade: denoUpgrade(Deno.upgradeWebSocket),
    ...log && { onFrame: logFrame },
  });
  const onListen = ({ port }: Deno.NetAddr) => {
    console.log(`Listening on ${tls ? "wss" : "ws"}://127.0.0.1:${port}/v1/realtime`);
  };
  const server = listen(() => Deno.serve({ hostname: "127.0.0.1", port, onListen, ...tls }, simulator.fetch), port);
  const stop = async () => {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, stop);
    await simulator.close();
    await server.shutdown();
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, stop);
}

function listen<Server>(start: () => Server, port: number): Server {
  try {
    return start();
  } catch (error) {
    const isAddress = error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied;
    throw new Error(`Cannot ${isAddress ? `listen on port ${port}` : "serve TLS"}: ${messageOf(error)}`);
  }
}

if (import.meta.main) {
  try {
    const options = await readOptions(Deno.args);
    if (options) serve(options);
    else console.log(HELP);
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
