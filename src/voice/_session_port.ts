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

/** Handlers of what a session receives. */
export interface SessionHandlers {
  /** Handlers of server events by type; they may lack any field but `type`. */
  readonly on: Readonly<Record<string, (event: WireEvent) => void>>;
  /** Called with every server event, after its own handler. */
  readonly onEvent: (event: WireEvent) => void;
  /** Called with events that the session makes itself. */
  readonly onLocal: (event: LocalEvent) => void;
  /** Whether readers or listeners of the voice get events of this type. */
  readonly isHeard: (type: string) => boolean;
  /** Called when the session has ended, with the last event, and the error that follows it when the end was not clean. */
  readonly onClose: (closed: SessionClosedEvent, error: ConnectionError | undefined) => void;
  /** Called with what breaks the protocol, before the handler of its type, if it has one. */
  readonly onMalformed: (event: MalformedServerEvent) => void;
}

/** What voice needs of a session: `installVoice` makes it of a session and its host. */
export interface SessionPort {
  /** The session's effective configuration; `undefined` until the server has reported it. */
  readonly config: RealtimeSession | TranscriptionSession | undefined;
  /** The items of the conversation; it has taken in an event before its handlers here are called. */
  readonly conversation: ConversationView;
  /** Who plays the model's audio: we do, or the server does over WebRTC or SIP. */
  readonly playback: "client" | "server";
  /** Whether what the server plays ends with the connection, as the next one has a session of its own. */
  readonly startsAnew: boolean;
  /** The response that the default conversation is busy with, or about to be. */
  readonly activeResponse: ResponseHandle | undefined;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number;
  /** Resolves when the session has ended; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Takes handlers of what comes from now on; they are called at once. */
  subscribe(handlers: SessionHandlers): void;
  /**
   * Leaves it to voice to decide what an interruption is. The returned function is called once for each: requests to speak
   * that were made before are void then.
   */
  decideInterruptions(): () => void;
  /** Reports an error that no reader or listener of the voice gets; `context` says where it comes from. */
  report(error: unknown, context: string): void;
  /** Says that voice takes the model's audio as it comes: responses keep none of it for readers that come late. */
  takeAudio(): void;
  /** Lets voice tell the words that were heard of an item, where it knows. */
  provideHeardText(heardTextOf: (itemId: string, text: string) => string | undefined): void;
  /** Sends one event that is not answered. */
  send(event: ClientEvent): void;
  /** Sends audio of the user. */
  appendAudio(audio: Uint8Array): void;
  /** Makes an item of the audio sent so far. */
  commitAudio(): Promise<string>;
  /** Forgets the audio sent so far. */
  clearAudio(): Promise<void>;
  /** Cuts an assistant message where it was heard. */
  truncateItem(itemId: string, audioEndMs: number, options: TruncateItemOptions): Promise<void>;
  /** Takes an item out of the conversation. */
  deleteItem(itemId: string): Promise<void>;
  /** Asks for a response. */
  respond(settings?: ResponseSettings): ResponseHandle;
  /** Cancels the active response. */
  cancel(): Promise<void>;
}
