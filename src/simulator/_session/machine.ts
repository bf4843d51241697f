// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { EffectiveSession, Item, TranslationSession } from "../../protocol/mod.ts";
import type { SimulatedModel } from "../model/simulated_model.ts";
import type { Pace } from "./pace.ts";

/** What a session of any kind works with. */
export interface MachineOptions {
  /** The mind of the model. */
  readonly simulatedModel: SimulatedModel;
  /** Source of time. */
  readonly clock: Clock;
  /** How fast the model works. */
  readonly pace: Pace;
  /** Makes identifiers. */
  readonly ids: IdGenerator;
  /** Unix time in milliseconds at which the session begins. */
  readonly startsAt: number;
  /** Sends a frame, which holds an event of this type. */
  readonly send: (frame: string, type: string) => void;
  /** Ends the session. */
  readonly close: (code: number, reason: string) => void;
  /**
   * Whether a conversation is announced by `conversation.created`, too.
   *
   * @default {false}
   */
  readonly announcesConversation?: boolean | undefined;
  /**
   * The session is that of a call, whose audio the server plays itself: takes what the caller hears, 20 ms at a time.
   * No event carries audio then, and the session is not announced.
   */
  readonly play?: ((samples: Int16Array) => void) | undefined;
}

/** A session of any kind, as its connections see it: frames in, frames out, in the time of a clock. */
export interface Machine {
  /** The session as it is set now. */
  readonly session: EffectiveSession | TranslationSession;
  /** The conversation as it is now. */
  readonly items: readonly Item[];
  /** Identifier of the response that is being made in the default conversation. */
  readonly activeResponseId: string | undefined;
  /** Milliseconds of a message's audio that are kept. */
  audioMsOf(itemId: string): number;
  /** The connection is open. */
  start(): void;
  /** A frame has arrived. */
  receive(data: string | Uint8Array): void;
  /** The connection is gone. */
  end(): void;
}
