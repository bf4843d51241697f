// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import type { SessionGenerations } from "../_recovery/session_generations.ts";
import type { CloseInfo, ConnectionError } from "../errors.ts";
import type {
  ClientEvent,
  LooseServerEvent,
  MalformedServerEvent,
  RealtimeSession,
  ResponseConfig,
  ServerEventType,
  SessionConfig,
  TranscriptionSession,
  UnknownServerEvent,
} from "../protocol/mod.ts";
import type { IncomingEvent } from "../transport/transport.ts";
import type { ResponseHandle } from "./response_handle.ts";
import type { ResponseSettings } from "./response_settings.ts";
import type { LocalEvent, SessionClosedEvent } from "./session_events.ts";
import type { AddItemOptions, CommandOptions, DrainOptions, DrainResult } from "./command_options.ts";
import type { SessionChanges } from "./session_settings.ts";
import type { UserContent } from "./user_content.ts";

/**
 * A server event of which only the type is certain: servers other than OpenAI's omit fields.
 *
 * @category Parts
 */
export interface AnyServerEvent {
  /** Type of the event. */
  readonly type: string;
  /** All other fields. */
  readonly [field: string]: unknown;
}

/**
 * Handlers of server events, by type. `"*"` is called with every event that has a type, after the handler of its type.
 *
 * @category Parts
 */
export type ServerEventHandlers =
  & { readonly [T in ServerEventType]?: (event: LooseServerEvent<T>) => void }
  & { readonly "*"?: (event: AnyServerEvent) => void };

/**
 * An installed part: its handlers, and its additions to the session. Its exceptions become `part_failed` events, and
 * affect neither the session nor other parts.
 *
 * @category Parts
 */
export interface InstalledPart<Api extends object = object> {
  /** Receives everything that arrives, unchanged and first. */
  readonly onReceived?: ((event: IncomingEvent) => void) | undefined;
  /** Receives an event before the session and the handlers in `on` do: for state that others read. */
  readonly before?: ServerEventHandlers | undefined;
  /** Receives an event after the session has processed it, and before readers and listeners do. */
  readonly on?: ServerEventHandlers | undefined;
  /** Receives events of types that this version does not know, and frames that are not events. */
  readonly onOther?: ((event: UnknownServerEvent | MalformedServerEvent) => void) | undefined;
  /** Receives every event that the session sends. */
  readonly onSent?: ((event: ClientEvent) => void) | undefined;
  /** Receives every event that the session itself generates, before readers and listeners do. */
  readonly onLocal?: ((event: LocalEvent) => void) | undefined;
  /**
   * Whether readers or listeners of the part receive an event that the session itself generates: an error in it is then
   * not reported as unhandled.
   */
  readonly isHeard?: ((event: LocalEvent) => boolean) | undefined;
  /**
   * Adds to the initial configuration of the session; called once, for parts installed by then. An exception rejects
   * the session.
   */
  readonly configure?: ((config: SessionConfig) => SessionConfig) | undefined;
  /**
   * Called when the session has ended, before its readers end; they wait for it for at most three seconds. `closed` is
   * their last event.
   */
  readonly close?: ((cause: ConnectionError, closed: SessionClosedEvent) => void | Promise<void>) | undefined;
  /**
   * Called when every part has closed: ends the part's own readers. `error` is thrown by them after `closed`, when the
   * end was not clean.
   */
  readonly end?: ((closed: SessionClosedEvent, error: ConnectionError | undefined) => void) | undefined;
  /**
   * Members added to the session, including those of the object's class. They operate on this object: the session shows
   * the current value of a field.
   */
  readonly api?: Api | undefined;
}

/**
 * A part of a session: it subscribes to events, and may add members. It knows the host, but no other parts.
 *
 * @category Parts
 *
 * @example Counting the responses
 * ```ts
 * import { connectWith, type SessionPart } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * function responseCounter(): SessionPart<{ readonly responseCount: number }> {
 *   let count = 0;
 *   return {
 *     name: "response counter",
 *     install: () => ({
 *       on: { "response.done": () => void count++ },
 *       api: {
 *         get responseCount() {
 *           return count;
 *         },
 *       },
 *     }),
 *   };
 * }
 *
 * const options = { apiKey: "sk-test", dial: createSimulator().dial, outputModalities: ["text"] } as const;
 * await using session = await connectWith(options, responseCounter());
 * await session.ask("Hello!");
 * assertEquals(session.responseCount, 1);
 * ```
 */
export interface SessionPart<Api extends object = object> {
  /** Name of the part, unique in a session. */
  readonly name: string;
  /**
   * Installs the part in a session. When it throws, or the part is rejected, its registrations are removed; a rejected
   * part is closed. In a session that has ended, a part is closed as soon as it is installed.
   */
  install(host: SessionHost): InstalledPart<Api>;
}

/**
 * A part, if it handles only events that exist: the compiler does not check the names in an inferred type.
 *
 * @category Parts
 */
export type CheckedPart<Part> = Part extends
  { install(host: never): { readonly on?: infer On; readonly before?: infer Before } }
  ? Exclude<keyof NonNullable<On> | keyof NonNullable<Before>, keyof ServerEventHandlers> extends infer Unknown
    ? [Unknown] extends [never] ? Part
    : string extends Unknown ? Part
    : { readonly name: `${Unknown & string} is not the type of an event` }
  : never
  : Part;

/**
 * The members that parts add to a session.
 *
 * @category Parts
 */
export type ApisOf<Parts extends readonly SessionPart[]> = Parts extends readonly [
  SessionPart<infer Api>,
  ...infer Rest extends readonly SessionPart[],
] ? Api & ApisOf<Rest>
  : unknown;

/**
 * Origin of a response: one object for each response, which a part can use as a key.
 *
 * @category Parts
 */
export interface ResponseOrigin {
  /** Whether the server started the response itself. */
  readonly startedByServer: boolean;
  /** Whether it occupies the slot of the default conversation. */
  readonly inConversation: boolean;
  /** The settings of its request. */
  readonly config: ResponseConfig;
  /** Number of consecutive rounds of tool calls that led to it. */
  readonly toolRound: number;
}

/**
 * The parts' view of the responses of a session.
 *
 * @category Parts
 */
export interface SessionResponses {
  /** Whether the slot of the default conversation is free, and no request is queued. */
  readonly isIdle: boolean;
  /** Number of responses of the conversation that were requested, or started by the server; only increases. */
  readonly count: number;
  /** Origin of the response with this id, ended or not; the latest for servers that send no ids. */
  originOf(responseId: string | undefined): ResponseOrigin | undefined;
  /** Requests a response that is void after an interruption. */
  requestFiller(config: ResponseConfig): ResponseHandle;
  /**
   * Requests a response that reads the items just added to the conversation, and is void after an interruption: a
   * queued one, or a new one, which is omitted when another response reads the conversation first.
   */
  requestFollowUp(config: ResponseConfig, toolRound: number): ResponseHandle;
}

/**
 * The parts' view of a session: the operations that they may perform.
 *
 * @category Parts
 */
export interface PartSession {
  /** Resolves when the session has ended; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** The active response of the default conversation, if there is one. */
  readonly activeResponse: ResponseHandle | undefined;
  /** Sends one event without waiting for its answer. */
  send(event: ClientEvent): void;
  /** Adds a message of the user to the conversation; resolves with its id. */
  sendMessage(content: UserContent, options?: AddItemOptions): Promise<string>;
  /** Removes an item from the conversation. */
  deleteItem(itemId: string, options?: CommandOptions): Promise<void>;
  /** Retrieves the server's version of an item. */
  retrieveItem(itemId: string, options?: CommandOptions): Promise<unknown>;
  /** Sends audio of the user. */
  appendAudio(audio: Uint8Array): void;
  /** Creates an item from the audio sent so far; resolves with its id. */
  commitAudio(options?: CommandOptions): Promise<string>;
  /** Requests a response. */
  respond(settings?: ResponseSettings): ResponseHandle;
  /** Ends the open turn, and waits for everything that results from it. */
  drain(options?: DrainOptions): Promise<DrainResult>;
  /** Ends the session. */
  close(code?: number, reason?: string): Promise<CloseInfo>;
}

/**
 * The interface of a session for its parts.
 *
 * @category Parts
 */
export interface SessionHost {
  /** The session, with its commands. */
  readonly session: PartSession;
  /** Address of the other side, without credentials. */
  readonly url: string;
  /** Source of time. */
  readonly clock: Clock;
  /** Creates ids. */
  readonly makeId: IdGenerator;
  /** Whether others control the session, too. */
  readonly isShared: boolean;
  /** The side that plays the model's audio. */
  readonly playback: "client" | "server";
  /** The effective configuration; `undefined` until the server has reported it. */
  readonly config: RealtimeSession | TranscriptionSession | undefined;
  /** The responses. */
  readonly responses: SessionResponses;
  /** Publishes an event of the session's own: immediately, or after the server event that is being processed. */
  emit(event: LocalEvent): void;
  /** Publishes an exception of a function of the application as `listener_failed`; `context` names the function. */
  report(error: unknown, context: string): void;
  /** Adds an item, as `addItem` of the session does; unchecked with `check: false`. */
  addItem(item: object, options?: AddItemOptions & { readonly check?: boolean | undefined }): Promise<string>;
  /** Changes the configuration; `onAnswer` is called with the answer before the next event is processed. */
  update(changes: SessionChanges, options?: CommandOptions, onAnswer?: () => void): Promise<unknown>;
  /** Whether a response is active, or a part is working. */
  readonly isActive: boolean;
  /**
   * Registers a reason why the session is not idle. `isBusy` returns whether the model is about to say something;
   * `except` is an object of the part that does not count. `isActive` returns whether the part is working.
   */
  holdIdle(work: { isBusy(except?: object): boolean; isActive(): boolean }): void;
  /** Reports that such a reason may have ceased. */
  notifyIdle(): void;
  /** Resolves when the session is idle, apart from an object of the part. */
  idle(except?: object): Promise<void>;
  /** Calls back on every interruption; `isFinal` means that no response should follow the running ones. */
  onInterrupt(listener: (interruption: { readonly isFinal: boolean }) => void): void;
  /** Calls back when a response has ended whose end the server does not report. */
  onUnseenEnd(listener: (origin: ResponseOrigin) => void): void;
  /**
   * Registers this part as the one that decides what counts as an interruption. The returned function must be
   * called for each one: earlier requests of the session to speak are then void.
   */
  decideInterruptions(): () => void;
  /** The merged configurations that the server has accepted, as they were sent. */
  readonly accepted: { readonly value: SessionConfig };
  /**
   * The transcripts of the user's speech; `missing` contains the ids of the items whose transcripts have not arrived.
   */
  readonly transcripts: { readonly missing: readonly string[] };
  /** Audio of the user that was sent and is not yet part of an item, in milliseconds. */
  readonly inputMs: number;
  /** The connections, for the part that keeps the session connected. */
  readonly generations: SessionGenerations;
  /**
   * Reports to all parts that the audio of an item was cut: `heardOf` returns the heard words of its text, which may
   * arrive later.
   */
  reportHeard(itemId: string, heardOf: (text: string) => string): void;
  /** Calls back when a part reports that the audio of an item was cut. */
  onHeard(listener: (itemId: string, heardOf: (text: string) => string) => void): void;
  /**
   * Declares that this part consumes the audio of the conversation's responses as it arrives: from now on they keep
   * none, unless `audio()` or `audioStream()` was called before.
   */
  takeAudio(): void;
  /** Registers this part as the one that determines which response follows another. */
  provideFollowUps(followUpOf: (origin: ResponseOrigin) => Promise<ResponseHandle | undefined>): void;
}
