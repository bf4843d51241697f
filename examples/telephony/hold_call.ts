import type { VoiceSession } from "@oai-rt/edge";
import type { WSContext, WSEvents } from "hono/ws";
import { CallBridge } from "./call_bridge.ts";

/** Options of {@linkcode holdCall}. */
export interface CallOptions {
  /** Opens a voice session for the call. */
  readonly connect: () => Promise<VoiceSession>;
  /** Is told what went wrong with the call. */
  readonly onError: (error: unknown) => void;
}

/**
 * Carries a call from its first frame to its last. The session is opened with the first frame; what the caller sends
 * before it is open waits. When there is no session, or it ends, the caller is hung up on.
 */
export function holdCall({ connect, onError }: CallOptions): WSEvents {
  const early: string[] = [];
  const hangUp = Promise.withResolvers<void>();
  let hungUp = false;
  let holding: Promise<void> | undefined;
  let receive = (frame: string): void => void early.push(frame);

  async function hold(socket: WSContext): Promise<void> {
    await using voice = await connect();
    const bridge = new CallBridge(voice, (frame) => socket.send(frame));
    receive = (frame) => {
      try {
        bridge.receive(frame);
      } catch (error) {
        onError(error);
      }
    };
    for (const frame of early.splice(0)) receive(frame);
    await Promise.race([voice.closed, hangUp.promise]);
  }

  async function begin(socket: WSContext): Promise<void> {
    try {
      await hold(socket);
    } catch (error) {
      onError(error);
    }
    receive = () => {};
    if (!hungUp) socket.close(1000);
  }

  const end = () => {
    hungUp = true;
    hangUp.resolve();
  };
  return {
    onMessage({ data }, socket) {
      holding ??= begin(socket);
      receive(String(data));
    },
    onClose: end,
    onError: end,
  };
}
