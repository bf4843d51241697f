import { attachLive } from "../../live/mod.ts";
import { liveSidebandCodec } from "../../protocol/mod.ts";
import { createMemorySocketPair, createTransport } from "../../transport/mod.ts";
import type { AppContext } from "../_app/context.ts";
import type { RelayHandle } from "../edge_event.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { ApiSocket } from "./api_socket.ts";
import type { LiveParts } from "./live_parts.ts";

/** How the server takes part in a session. */
interface Observation {
  readonly app: AppContext;
  readonly c: RealtimeContext;
  readonly live: LiveParts;
  /** The relay, once the page has its session. */
  readonly relay: Promise<RelayHandle>;
}

/**
 * Lets the server take part in the session of a relay over the relay's connection, if the host has tools or listens.
 */
export async function observe(
  sessionId: string,
  socket: ApiSocket,
  { app, c, live, relay: handle }: Observation,
): Promise<void> {
  const { clock, onError, onToolApproval } = app.settings;
  const { onRelay, tools = [] } = live.options;
  if (!onRelay && tools.length === 0) return;
  const [server, relay] = createMemorySocketPair();
  socket.join(relay);
  const session = await attachLive(sessionId, {
    transport: createTransport(server, { url: `relay:${sessionId}`, clock, codec: liveSidebandCodec }),
    tools,
    onToolApproval: onToolApproval && (async ({ delegationId: _, ...call }, { signal }) => {
      const details = { ...call, itemId: undefined, responseId: undefined };
      return await onToolApproval(details, { signal, relay: await handle, c });
    }),
    clock,
    onUnhandled: (error) => onError(error, c),
  });
  await onRelay?.(session, c);
}
