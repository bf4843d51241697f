import { type Clock, systemClock, type VoiceSession } from "@oai-rt/edge";
import type { WSContext, WSEvents } from "hono/ws";
import { CallBridge } from "./call_bridge.ts";
import { Farewell } from "./farewell.ts";
import { Keypad } from "./keypad.ts";
import type { Line } from "./line.ts";

/** The call in the hands of the agent. */
export interface CallControl {
  /** Hangs up once the model has finished, and the caller has heard all of it: a farewell. */
  hangUpWhenHeard(): void;
}

/** Options of {@linkcode holdCall}. */
export interface CallOptions {
  /** Opens a voice session for the call. */
  readonly connect: (call: CallControl) => Promise<VoiceSession>;
  /** Called with errors of the call. */
  readonly onError: (error: unknown) => void;
  /**
   * How the frames are written.
   *
   * @default {twilioLine()}
   */
  readonly line?: Line | undefined;
  /** Instructions for the model's first words. Without it the caller speaks first. */
  readonly greeting?: string | undefined;
  /** Maximum duration of the call, in milliseconds; then it is hung up. */
  readonly maxDurationMs?: number | undefined;
  /** Called once, when the call is over. */
  readonly onEnd?: (() => void) | undefined;
  /** Source of time. */
  readonly clock?: Clock | undefined;
}

/**
 * Carries a call from its first frame to its last. The session is opened with the first frame; audio of the caller
 * before it is open waits. When there is no session, or it ends, the call is hung up.
 */
export function holdCall(options: CallOptions): WSEvents {
  const { clock = systemClock, connect, greeting, line, maxDurationMs, onEnd, onError } = options;
  const early: string[] = [];
  const hangUp = Promise.withResolvers<void>();
  let hungUp = false;
  let holding: Promise<void> | undefined;
  let receive = (frame: string): void => void early.push(frame);

  async function hold(socket: WSContext): Promise<void> {
    const end: { farewell?: Farewell } = {};
    const voice = await connect({ hangUpWhenHeard: () => end.farewell?.begin() });
    const { session } = voice;
    const keypad = new Keypad((digits) => {
      const said = session.sendMessage(`The caller has typed ${digits} on the keypad.`).then(() => session.respond());
      said.catch(onError);
    }, clock);
    const bridge = new CallBridge(voice, (frame) => socket.send(frame), {
      line,
      onDigit: (digit) => keypad.press(digit),
      onHeard: () => end.farewell?.heard(),
    });
    end.farewell = new Farewell({ isHeard: () => bridge.isHeard, idle: () => session.idle(), hangUp: hangUp.resolve });
    receive = (frame) => {
      try {
        bridge.receive(frame);
      } catch (error) {
        onError(error);
      }
    };
    const cancelLimit = maxDurationMs === undefined ? undefined : clock.schedule(hangUp.resolve, maxDurationMs);
    try {
      for (const frame of early.splice(0)) receive(frame);
      if (greeting !== undefined && !hungUp) session.respond({ instructions: greeting });
      await Promise.race([voice.closed, hangUp.promise]);
    } finally {
      cancelLimit?.();
      keypad.close();
      await voice.close();
    }
  }

  async function begin(socket: WSContext): Promise<void> {
    try {
      await hold(socket);
    } catch (error) {
      onError(error);
    }
    receive = () => {};
    if (!hungUp) socket.close(1000);
    onEnd?.();
  }

  const end = () => {
    hungUp = true;
    hangUp.resolve();
    // A call that never sent a frame is over, too.
    if (!holding) onEnd?.();
    holding ??= Promise.resolve();
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
