/** The protocol and nothing else. Counterpart of “Low-level protocol (full control)”. */
import { connectWebSocket, type ConnectWebSocketOptions } from "@oai-rt/edge";
import { environment } from "./environment.ts";

/** Configures a session by hand, and logs the server's events until it has confirmed that. */
export async function lowLevel(options: ConnectWebSocketOptions, log: (line: string) => void): Promise<void> {
  await using client = await connectWebSocket(options);
  client.send({
    type: "session.update",
    session: { type: "realtime", output_modalities: ["audio"], instructions: "You are a helpful assistant." },
  });
  for await (const event of client.events) {
    log(`Received event: ${event.type}`);
    if (event.type === "session.updated") break;
  }
}

if (import.meta.main) await lowLevel(environment(), console.log);
