// This module is browser compatible.
import { type EffectiveSession, type Item, MAX_SESSION_MS, type TranslationSession } from "../../protocol/mod.ts";
import type { SimulatedModel } from "../model/simulated_model.ts";
import type { SendFrame } from "./outbox.ts";
import type { Surroundings } from "./stage.ts";

/** Dependencies of a session of any type. */
export interface MachineOptions extends Surroundings {
  /** The model. */
  readonly simulatedModel: SimulatedModel;
  /** Unix time in milliseconds, on the session's clock. */
  readonly unixTime: () => number;
  /** Sends a frame. */
  readonly send: SendFrame;
  /** Ends the session. */
  readonly close: (code: number, reason: string) => void;
  /**
   * Present for a call, whose audio the server plays itself: called with the audio that the caller hears, 20 ms at a
   * time. Events then carry no audio, and the session is not announced.
   */
  readonly play?: ((samples: Int16Array) => void) | undefined;
}

/** A session of any kind, as its connections see it: frames in, frames out, in the time of a clock. */
export interface Machine {
  /** The session with its current settings. */
  readonly session: EffectiveSession | TranslationSession;
  /** The current conversation. */
  readonly items: readonly Item[];
  /** Identifier of the active response of the default conversation. */
  readonly activeResponseId: string | undefined;
  /** Length of a message's stored audio, in milliseconds. */
  audioMsOf(itemId: string): number;
  /** The connection is open. */
  start(): void;
  /** Reads and checks a received frame. The returned function executes it or rejects it, when its time has come. */
  read(data: string | Uint8Array): () => void;
  /** The connection has ended. */
  end(): void;
}

/** Unix time in seconds at which a session ends that begins now. */
export function expiryOf({ unixTime }: Pick<MachineOptions, "unixTime">): number {
  return Math.floor((unixTime() + MAX_SESSION_MS) / 1000);
}
