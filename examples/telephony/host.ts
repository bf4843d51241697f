import type { VoiceSession } from "@oai-rt/edge";
import { CallBridge } from "./call_bridge.ts";

/** The little of a WebSocket that a call needs. */
export type CallSocket = Pick<WebSocket, "addEventListener" | "close" | "send">;

/** Options of {@linkcode createTelephoneHandler}. */
export interface TelephoneOptions {
  /** Opens a voice session for a call. */
  readonly connect: () => Promise<VoiceSession>;
  /** Makes a WebSocket of a request, as `Deno.upgradeWebSocket` does. */
  readonly upgrade: (request: Request) => { readonly response: Response; readonly socket: CallSocket };
  /** Is told what went wrong with a call. */
  readonly onError: (error: unknown) => void;
}

/**
 * Creates the handler of a telephone number: any POST is answered with the TwiML that starts a stream, `GET /media` is the
 * stream. Whoever puts this on a public address checks the request's `X-Twilio-Signature` before it.
 */
export function createTelephoneHandler(options: TelephoneOptions): (request: Request) => Response {
  return (request) => {
    const { host, pathname } = new URL(request.url);
    if (request.method === "POST") {
      const twiml = `<Response><Connect><Stream url="wss://${host}/media"/></Connect></Response>`;
      return new Response(twiml, { headers: { "content-type": "text/xml" } });
    }
    if (pathname !== "/media") return new Response("Not found", { status: 404 });
    const { response, socket } = options.upgrade(request);
    holdCall(socket, options).catch((error) => {
      options.onError(error);
      socket.close();
    });
    return response;
  };
}

/** Carries a call from its first frame to its last; what the caller sends before the session is open waits. */
export async function holdCall(socket: CallSocket, { connect, onError }: TelephoneOptions): Promise<void> {
  const early: string[] = [];
  let receive = (frame: string): void => void early.push(frame);
  let hungUp = false;
  socket.addEventListener("message", ({ data }) => receive(String(data)));
  socket.addEventListener("close", () => hungUp = true);
  await using voice = await connect();
  if (hungUp) return;
  socket.addEventListener("close", () => void voice.close());
  const bridge = new CallBridge(voice, (frame) => socket.send(frame));
  receive = (frame) => {
    try {
      bridge.receive(frame);
    } catch (error) {
      onError(error);
    }
  };
  for (const frame of early) receive(frame);
  await voice.closed;
  if (!hungUp) socket.close();
}
