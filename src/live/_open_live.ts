// This module is browser compatible.
import { systemClock } from "../_internal/clock.ts";
import { onAbort, withTimeout } from "../_internal/timeout.ts";
import type {
  Codec,
  LiveForkSessionConfig,
  LiveIncomingEvent,
  LiveOutgoingEvent,
  LiveSessionConfig,
} from "../protocol/mod.ts";
import { openTransport } from "../transport/dial_transport.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS, type Dial, type Transport } from "../transport/mod.ts";
import { assertLiveInput } from "./_audio/live_input.ts";
import { toLiveDialer } from "./_live_dialer.ts";
import { OpenLiveSession } from "./_live_session.ts";
import type { ChannelMedia, LiveLink } from "./_core/link.ts";
import type { SurvivingLine } from "./_core/surviving_line.ts";
import { liveUrl } from "../_internal/live/live_target.ts";
import type { LiveAudioOptions, LiveSessionOptions } from "./live_options.ts";

/** A session to open. */
interface OpenLiveRequest {
  readonly options: LiveSessionOptions & LiveAudioOptions;
  /** Codec of the connection. */
  readonly codec: Codec<never, LiveIncomingEvent>;
  readonly connection: LiveLink;
  /** Path after the address of the sessions. */
  readonly path: string;
  /** Query of the address. */
  readonly query?: Readonly<Record<string, string>>;
  /** Settings of `session.start`; absent on a sideband. */
  readonly session?: LiveSessionConfig | LiveForkSessionConfig;
  /** Identifier, if known. */
  readonly id?: string | undefined;
  /** The audio, if it does not pass the connection. */
  readonly media?: ChannelMedia;
  /** Wraps a dialled connection in a line that can replace it with others. */
  readonly toLine?: ((transport: DialledTransport, open: OpenAgain) => SurvivingLine) | undefined;
}

type DialledTransport = Transport<LiveOutgoingEvent, LiveIncomingEvent>;
type OpenAgain = (signal: AbortSignal) => Promise<DialledTransport>;

/** Dials, unless there is a transport, and opens the session on it. */
export async function openLive({ options, session, ...request }: OpenLiveRequest): Promise<OpenLiveSession> {
  const { clock = systemClock, signal, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  // Invalid settings are reported before anything is dialled.
  if (session) {
    request.codec.stringify({ type: "session.start", session } as never);
    assertLiveInput(session.audio?.format, options);
  }
  const { connection, id, media, toLine } = request;
  const dial = (signal: AbortSignal) => dialLive(request, options, signal);
  const target = options.transport?.url ?? `${liveUrl(options, request.path, request.query)}`;
  return await withTimeout(async (signal) => {
    const line = options.transport ? undefined : toLine?.(await dial(signal), dial);
    const transport = options.transport ?? line ?? await dial(signal);
    const live = new OpenLiveSession({ ...options, clock, connection, id, line, media, requested: session, transport });
    const close = () => void transport.close();
    const stopListening = onAbort(signal, close);
    try {
      signal.throwIfAborted();
      await live.open();
      return live;
    } catch (error) {
      close();
      throw error;
    } finally {
      stopListening();
    }
  }, { what: `connect to ${target}`, signal, timeoutMs, clock, discard: (live) => void live.close() });
}

async function dialLive(
  { codec, path, query }: Pick<OpenLiveRequest, "codec" | "path" | "query">,
  options: LiveSessionOptions,
  signal: AbortSignal,
): Promise<DialledTransport> {
  const { clock, dial = toLiveDialer({ clock }), url } = options;
  // The safety identifier is a field of the session. A relay receives no headers: it has a key of its own.
  const isRelay = url !== undefined && options.apiKey === undefined;
  const forRelay: Dial = (request) => dial({ ...request, headers: new Headers() });
  const settings = {
    ...options,
    safetyIdentifier: undefined,
    codec,
    ...isRelay && { apiKey: "none", azure: undefined, dial: forRelay },
    signal,
  };
  return await openTransport(liveUrl(options, path, query), settings, toLiveDialer);
}
