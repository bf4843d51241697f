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
 * A server event of which only the type is certain: servers other than OpenAI's leave fields out.
 *
 * @category Parts
 */
export interface AnyServerEvent {
  /** Type of the event. */
  readonly type: string;
  /** Everything else. */
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
 * An installed part: what it handles, and what it adds to the session. Errors that it throws become `part_failed` events,
 * and affect neither the session nor other parts.
 *
 * @category Parts
 */
export interface InstalledPart<Api extends object = object> {
  /** Sees everything that arrives, as it arrived, before anything else does. */
  readonly onReceived?: ((event: IncomingEvent) => void) | undefined;
  /** Sees an event before the session and the handlers in `on` do: for state that others ask for. */
  readonly before?: ServerEventHandlers | undefined;
  /** Sees an event after the session has processed it, and before readers and listeners do. */
  readonly on?: ServerEventHandlers | undefined;
  /** Sees events of types that this version does not know, and frames that are no events. */
  readonly onOther?: ((event: UnknownServerEvent | MalformedServerEvent) => void) | undefined;
  /** Sees every event that the session sends. */
  readonly onSent?: ((event: ClientEvent) => void) | undefined;
  /** Sees every event that the session itself makes, before readers and listeners do. */
  readonly onLocal?: ((event: LocalEvent) => void) | undefined;
  /**
   * Whether readers or listeners of the part's own get an event that the session itself makes: an error that they get is
   * not reported as unhandled.
   */
  readonly isHeard?: ((event: LocalEvent) => boolean) | undefined;
  /**
   * Adds to the configuration with which the session opens; called once, for parts that are there by then. What it throws
   * refuses the session.
   */
  readonly configure?: ((config: SessionConfig) => SessionConfig) | undefined;
  /**
   * Called when the session has ended, before readers do; they wait for it for at most three seconds. `closed` is the event
   * that they read last.
   */
  readonly close?: ((cause: ConnectionError, closed: SessionClosedEvent) => void | Promise<void>) | undefined;
  /**
   * Called when every part has closed: ends readers of the part's own. `error` is what they throw after `closed`, when the
   * end was not clean.
   */
  readonly end?: ((closed: SessionClosedEvent, error: ConnectionError | undefined) => void) | undefined;
  /**
   * Members that are added to the session, those of the object's class among them. They keep acting on this object: the
   * session shows the present value of a field.
   */
  readonly api?: Api | undefined;
}

/**
 * A part of a session: it subscribes to events, and may add members to the session. A part does not know other parts; it
 * asks the host for what it needs.
 *
 * @category Parts
 *
 * @example Count the responses
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
  /** Name of the part; a session takes one of a name. */
  readonly name: string;
  /**
   * Installs the part in a session. When it throws, or the part is refused, nothing that it has registered stays; a part
   * that is refused is closed. In a session that has ended, a part is closed as soon as it is installed.
   */
  install(host: SessionHost): InstalledPart<Api>;
}

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
 * Where a response comes from: one object for each response, so that a part can keep by it what belongs to the response.
 *
 * @category Parts
 */
export interface ResponseOrigin {
  /** Whether the server started the response itself. */
  readonly startedByServer: boolean;
  /** Whether it takes the slot of the default conversation. */
  readonly inConversation: boolean;
  /** The settings that it was requested with. */
  readonly config: ResponseConfig;
  /** How many rounds of tool calls led to it, since somebody else asked. */
  readonly toolRound: number;
}

/**
 * The responses of a session, as parts see them.
 *
 * @category Parts
 */
export interface SessionResponses {
  /** Whether the slot of the default conversation is free, and no request waits for it. */
  readonly isIdle: boolean;
  /** How many responses of the conversation were requested, or begun by the server; grows with each. */
  readonly count: number;
  /** Where the response of this id comes from, ended or not; the latest for servers that name none. */
  originOf(responseId: string | undefined): ResponseOrigin | undefined;
  /** Requests a response that is void after an interruption. */
  requestFiller(config: ResponseConfig): ResponseHandle;
  /**
   * Requests a response that reads what was just added to the conversation, and is void after an interruption: one that
   * waits already, or a new one, which is left out when another response reads the conversation first.
   */
  requestFollowUp(config: ResponseConfig, toolRound: number): ResponseHandle;
}

/**
 * A session as its parts see it: what they may do with it.
 *
 * @category Parts
 */
export interface PartSession {
  /** Resolves when the session has ended; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** The response that the default conversation is busy with, if there is one. */
  readonly activeResponse: ResponseHandle | undefined;
  /** Sends one event without waiting for its answer. */
  send(event: ClientEvent): void;
  /** Adds a message of the user to the conversation; resolves with its id. */
  sendMessage(content: UserContent, options?: AddItemOptions): Promise<string>;
  /** Takes an item out of the conversation. */
  deleteItem(itemId: string, options?: CommandOptions): Promise<void>;
  /** Asks the server for an item as it knows it. */
  retrieveItem(itemId: string, options?: CommandOptions): Promise<unknown>;
  /** Sends audio of the user. */
  appendAudio(audio: Uint8Array): void;
  /** Makes an item of the audio sent so far; resolves with its id. */
  commitAudio(options?: CommandOptions): Promise<string>;
  /** Asks the model for a response. */
  respond(settings?: ResponseSettings): ResponseHandle;
  /** Ends the turn that is open, and waits for what it leads to. */
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
  /** Makes ids. */
  readonly makeId: IdGenerator;
  /** Whether others steer the session, too. */
  readonly isShared: boolean;
  /** Which side plays the model's audio. */
  readonly playback: "client" | "server";
  /** The effective configuration; `undefined` until the server has reported it. */
  readonly config: RealtimeSession | TranscriptionSession | undefined;
  /** The responses. */
  readonly responses: SessionResponses;
  /** Publishes an event of the session's own: at once, or after the server event that is being processed. */
  emit(event: LocalEvent): void;
  /** Publishes as `listener_failed` what a function of the application threw; `context` says which. */
  report(error: unknown, context: string): void;
  /** Adds an item, as `addItem` of the session does; unchecked with `check: false`. */
  addItem(item: object, options?: AddItemOptions & { readonly check?: boolean | undefined }): Promise<string>;
  /** Changes the configuration; `onAnswer` is called with the answer before the next event is processed. */
  update(changes: SessionChanges, options?: CommandOptions, onAnswer?: () => void): Promise<unknown>;
  /** Whether a response is being made, or a part is at work. */
  readonly isActive: boolean;
  /**
   * Adds reasons not to be idle. `isBusy` says whether the model is going to say something; `except` is an object of the
   * part's own that does not count. `isActive` says whether the part is at work.
   */
  holdIdle(work: { isBusy(except?: object): boolean; isActive(): boolean }): void;
  /** Says that a reason not to be idle may have gone. */
  notifyIdle(): void;
  /** Resolves when the session is idle but for an object of the part's own. */
  idle(except?: object): Promise<void>;
  /** Calls back on every interruption; `isFinal` says that no response is to follow what runs. */
  onInterrupt(listener: (interruption: { readonly isFinal: boolean }) => void): void;
  /** Calls back when a response has ended of whose end the server does not tell. */
  onUnseenEnd(listener: (origin: ResponseOrigin) => void): void;
  /**
   * Leaves it to this part to decide what an interruption is. The returned function is to be called for each: requests to
   * speak that the session made before are void then.
   */
  decideInterruptions(): () => void;
  /** The sum of the configurations that the server has accepted, as they were sent. */
  readonly accepted: { readonly value: SessionConfig };
  /** The transcripts of the user's speech; `missing` has the ids of the items whose transcripts have not come. */
  readonly transcripts: { readonly missing: readonly string[] };
  /** The connections, for the part that keeps the session connected. */
  readonly generations: SessionGenerations;
  /** The words that were heard of an item, where a part knows; that part sets it. */
  heardTextOf: (itemId: string, text: string) => string | undefined;
  /**
   * Says that this part takes the audio of the conversation's responses as it comes: from now on they keep none, unless
   * `audio()` or `audioStream()` was asked for before it came.
   */
  takeAudio(): void;
  /** Leaves it to this part to tell which response follows another. */
  provideFollowUps(followUpOf: (origin: ResponseOrigin) => Promise<ResponseHandle | undefined>): void;
}
