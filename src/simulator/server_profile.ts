// This module is browser compatible.

/**
 * A server that the simulator knows how to imitate.
 *
 * @category Simulator
 */
export type ServerName = "openai" | "azure" | "voice-live" | "xai" | "self-hosted";

/**
 * Differences between servers that speak the Realtime protocol. Take one of {@linkcode SERVER_PROFILES} and change the
 * members you need.
 *
 * @category Simulator
 *
 * @example A server that counts an answer shorter than the audio that it sent
 * ```ts
 * import { createSimulator, SERVER_PROFILES } from "@oai-rt/edge/simulator";
 *
 * await using _simulator = createSimulator({ server: { ...SERVER_PROFILES.openai, audioShortfallMs: 85 } });
 * ```
 */
export interface ServerProfile {
  /** Name of the server, for messages. */
  readonly name: string;
  /**
   * Names and shapes of the events of conversations: those of OpenAI's GA API, those of Azure Voice Live (the names of
   * the beta, and a flat session), or those of xAI. Transcriptions and translations always have those of the GA API.
   */
  readonly shape: "ga" | "voice-live" | "xai";
  /** How a bad key is rejected: on an open WebSocket with an `error`, or with HTTP status 401. */
  readonly refusesKeysAt: "socket" | "handshake";
  /**
   * Whether a key may be sent in the header `api-key`, or the parameter of that name, in addition to a bearer token.
   */
  readonly takesApiKeyHeader: boolean;
  /** Prefixes of subprotocols that may carry a key. */
  readonly keyProtocols: readonly string[];
  /** Whether clients that request the beta API are rejected. */
  readonly refusesBeta: boolean;
  /** Model of a conversation whose address names none; empty: the address is rejected. */
  readonly defaultModel: string;
  /** Whether models, voices and transcription models that OpenAI does not have are refused. */
  readonly checksNames: boolean;
  /** Whether items keep the ids assigned by the client, or get others. */
  readonly itemIds: "client" | "server";
  /** How identifiers look: `item_` and 21 letters and digits, or a UUID. */
  readonly idShape: "prefixed" | "uuid";
  /** Types of events that are never sent. */
  readonly leavesOut: readonly string[];
  /** Whether an item is announced by `conversation.item.created` instead of `.added` and `.done`. */
  readonly itemsAreCreated: boolean;
  /** Whether an `error` names the rejected client event. */
  readonly namesRefusedEvents: boolean;
  /** Whether a response contains the metadata of its request. */
  readonly echoesMetadata: boolean;
  /** Whether `response.content_part.*` have a second copy of the part, `content`. */
  readonly repeatsContentParts: boolean;
  /** Whether deltas of text carry `obfuscation`. */
  readonly obfuscates: boolean;
  /** Whether `transcription.delay` is accepted. */
  readonly acceptsTranscriptionDelay: boolean;
  /** Model that transcribes the user's speech unless the client names one; empty: none does. */
  readonly defaultTranscription: string;
  /** Kind of the error of `conversation.item.input_audio_transcription.failed`. */
  readonly transcriptionErrorType: string;
  /** Handling of a `response.create` during a response: it is rejected, or that response is cancelled. */
  readonly secondResponse: "refused" | "cancels";
  /** Voice of a session until the client chooses one; empty: that of the model. */
  readonly defaultVoice: string;
  /** Whether turn detection is on by default. */
  readonly findsTurns: boolean;
  /** Whether turns are answered in spite of `create_response: false`. */
  readonly answersEveryTurn: boolean;
  /** Responses that are followed by `rate_limits.updated`: as many as recorded, 7 of 31, all, or none. */
  readonly rateLimitUpdates: "recorded" | "always" | "never";
  /** Whether `conversation.created` follows `session.created`. */
  readonly announcesConversation: boolean;
  /**
   * Difference between the sent audio and its length as counted by the server, in milliseconds; truncations in this
   * range are rejected.
   */
  readonly audioShortfallMs: number;
  /** Whether the sidebands of calls that were made with a client secret can be opened. */
  readonly allowsSidebandsOfSecrets: boolean;
  /** Milliseconds without a frame from the client after which a sideband is dropped; `Infinity`: never. */
  readonly idleSidebandMs: number;
}

/** OpenAI's own server. */
const OPENAI: ServerProfile = {
  name: "openai",
  shape: "ga",
  refusesKeysAt: "socket",
  takesApiKeyHeader: false,
  keyProtocols: ["openai-insecure-api-key."],
  refusesBeta: true,
  defaultModel: "",
  checksNames: true,
  itemIds: "client",
  idShape: "prefixed",
  leavesOut: [],
  itemsAreCreated: false,
  namesRefusedEvents: true,
  echoesMetadata: true,
  repeatsContentParts: false,
  obfuscates: true,
  acceptsTranscriptionDelay: true,
  defaultTranscription: "",
  transcriptionErrorType: "transcription_error",
  secondResponse: "refused",
  defaultVoice: "",
  findsTurns: true,
  answersEveryTurn: false,
  rateLimitUpdates: "recorded",
  announcesConversation: false,
  audioShortfallMs: 0,
  allowsSidebandsOfSecrets: true,
  idleSidebandMs: Infinity,
};

/**
 * The servers that the simulator knows. Azure OpenAI, Azure Voice Live and xAI are based on recordings and public
 * reports. `"self-hosted"` has the habits that were observed in self-hosted servers: its own item ids, no metadata, no
 * `input_audio_buffer.committed`.
 *
 * @category Simulator
 */
export const SERVER_PROFILES: Readonly<Record<ServerName, ServerProfile>> = {
  openai: OPENAI,
  azure: {
    ...OPENAI,
    name: "azure",
    refusesKeysAt: "handshake",
    takesApiKeyHeader: true,
    checksNames: false,
    repeatsContentParts: true,
    acceptsTranscriptionDelay: false,
    transcriptionErrorType: "server_error",
    rateLimitUpdates: "never",
  },
  "voice-live": {
    ...OPENAI,
    name: "voice-live",
    shape: "voice-live",
    refusesKeysAt: "handshake",
    takesApiKeyHeader: true,
    refusesBeta: false,
    checksNames: false,
    itemsAreCreated: true,
    namesRefusedEvents: false,
    obfuscates: false,
    rateLimitUpdates: "never",
  },
  xai: {
    ...OPENAI,
    name: "xai",
    shape: "xai",
    keyProtocols: [...OPENAI.keyProtocols, "xai-client-secret."],
    refusesBeta: false,
    defaultModel: "grok-voice-latest",
    defaultTranscription: "grok-transcribe",
    checksNames: false,
    idShape: "uuid",
    leavesOut: ["conversation.item.done"],
    obfuscates: false,
    secondResponse: "cancels",
    defaultVoice: "ara",
    findsTurns: false,
    answersEveryTurn: true,
    rateLimitUpdates: "never",
    announcesConversation: true,
  },
  "self-hosted": {
    ...OPENAI,
    name: "self-hosted",
    refusesBeta: false,
    checksNames: false,
    itemIds: "server",
    leavesOut: ["input_audio_buffer.committed", "rate_limits.updated"],
    itemsAreCreated: true,
    namesRefusedEvents: false,
    echoesMetadata: false,
    obfuscates: false,
    rateLimitUpdates: "never",
  },
};
