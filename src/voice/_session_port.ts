// This module is browser compatible.
import type { WireEvent } from "../_internal/wire.ts";
import type { CloseInfo, ConnectionError } from "../errors.ts";
import type { ClientEvent, MalformedServerEvent, RealtimeSession, TranscriptionSession } from "../protocol/mod.ts";
import type {
  ConversationView,
  LocalEvent,
  ResponseHandle,
  ResponseSettings,
  SessionClosedEvent,
  TruncateItemOptions,
} from "../session/mod.ts";

/** Handlers of the events of a session. */
export interface SessionHandlers {
  /** Handlers of server events by type; the events may lack any field but `type`. */
  readonly on: Readonly<Record<string, (event: WireEvent) => void>>;
  /** Called with every server event, after its own handler. */
  readonly onEvent: (event: WireEvent) => void;
  /** Called with events that the session generates itself. */
  readonly onLocal: (event: LocalEvent) => void;
  /** Whether the voice has readers or listeners of this event type. */
  readonly isHeard: (type: string) => boolean;
  /** Called when the session has ended, with the last event, and the error that follows it when the end was not clean. */
  readonly onClose: (closed: SessionClosedEvent, error: ConnectionError | undefined) => void;
  /** Called with a malformed event, before the handler of its type, if any. */
  readonly onMalformed: (event: MalformedServerEvent) => void;
}

/** The part of a session that voice needs, created by `installVoice`. */
export interface SessionPort {
  /** The session's effective configuration; `undefined` until the server has reported it. */
  readonly config: RealtimeSession | TranscriptionSession | undefined;
  /** The items of the conversation; it processes an event before the handlers here are called. */
  readonly conversation: ConversationView;
  /** The side that plays the model's audio: the client, or the server over WebRTC or SIP. */
  readonly playback: "client" | "server";
  /** Whether the server's playback ends with the connection, as the next one has a new session. */
  readonly startsAnew: boolean;
  /** The active or pending response of the default conversation. */
  readonly activeResponse: ResponseHandle | undefined;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number;
  /** Resolves when the session has ended; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Registers handlers for later events; they are called synchronously. */
  subscribe(handlers: SessionHandlers): void;
  /**
   * Registers voice as the part that decides what counts as an interruption. The returned function is called for
   * each one: earlier requests to speak are then void.
   */
  decideInterruptions(): () => void;
  /** Reports an error that no reader or listener of the voice receives; `context` names its origin. */
  report(error: unknown, context: string): void;
  /** Declares that voice consumes the model's audio as it arrives: responses keep none of it for late readers. */
  takeAudio(): void;
  /** Provides the heard words of an item, if voice knows them. */
  provideHeardText(heardTextOf: (itemId: string, text: string) => string | undefined): void;
  /** Sends an event that has no answer. */
  send(event: ClientEvent): void;
  /** Sends audio of the user. */
  appendAudio(audio: Uint8Array): void;
  /** Creates an item from the audio sent so far. */
  commitAudio(): Promise<string>;
  /** Discards the audio sent so far. */
  clearAudio(): Promise<void>;
  /** Truncates an assistant message at the heard position. */
  truncateItem(itemId: string, audioEndMs: number, options: TruncateItemOptions): Promise<void>;
  /** Removes an item from the conversation. */
  deleteItem(itemId: string): Promise<void>;
  /** Requests a response. */
  respond(settings?: ResponseSettings): ResponseHandle;
  /** Cancels the active response. */
  cancel(): Promise<void>;
}
