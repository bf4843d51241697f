// This module is browser compatible.
import type {
  LiveAudioFormat,
  LiveForkSessionConfig,
  LiveSessionConfig,
  LiveSessionResource,
  LiveSessionUpdateConfig,
} from "../../../protocol/mod.ts";
import { ServerError, serverError } from "../../_errors/server_error.ts";
import { checkQuestions } from "./check_questions.ts";
import { STEP_MS } from "../model/input_clock.ts";

/** Tokens that a step of input and of output takes of a session's context. */
const TOKENS_OF_A_STEP = 3;

/** Tokens that fit into a session's context. */
const CONTEXT_TOKENS = 128_000;

/** Fill level from which the server replaces the context, so that it grows no further. */
const MAX_USAGE_RATIO = 0.9;

/** Default format of a session. */
const DEFAULT_LIVE_FORMAT: LiveAudioFormat = { type: "audio/pcm", rate: 24_000 };

/** Voices of Realtime that Live rejects. */
const FORBIDDEN_VOICES: ReadonlySet<unknown> = new Set(["fable", "nova", "onyx"]);

/** Properties that distinguish a session from others with the same settings. */
export interface LiveIdentity {
  /** Identifier. */
  readonly id: string;
  /** Unix time in seconds at which it ends. */
  readonly expiresAt: number;
  /** Whether its audio is sent over the socket. */
  readonly hasAudioOnSocket: boolean;
  /** Whether a model exists. */
  readonly acceptsModel: (model: string) => boolean;
}

/** A session to start. */
export interface StartedSession {
  /** The session as the server reports it. */
  readonly session: LiveSessionResource;
  /** Format of its audio on a socket. */
  readonly format: LiveAudioFormat;
}

/**
 * Creates a session from its settings, or from those of the session that it continues.
 *
 * @throws {ServerError} when the server would reject the settings.
 */
export function startedSession(
  config: LiveSessionConfig | LiveForkSessionConfig,
  source: LiveSessionResource | undefined,
  identity: LiveIdentity,
): StartedSession {
  const settings = source
    ? forkedConfig(source, config as LiveForkSessionConfig, identity)
    : config as LiveSessionConfig;
  const { model } = settings;
  checkQuestions(settings);
  if (!identity.acceptsModel(model)) {
    throw new ServerError(`The model '${model}' does not exist or is not supported in live mode.`, {
      code: "model_not_found",
      param: "session.model",
    });
  }
  return { session: liveSessionResource(settings, identity), format: settings.audio?.format ?? DEFAULT_LIVE_FORMAT };
}

/** The session with all its defaults; throws when Live rejects its voice. */
function liveSessionResource(
  config: LiveSessionConfig,
  { expiresAt, hasAudioOnSocket, id }: LiveIdentity,
): LiveSessionResource {
  const { audio, delegation, input, instructions, store, triggers, ...rest } = config;
  const voice = audio?.output?.voice ?? "marin";
  if (FORBIDDEN_VOICES.has(voice)) {
    throw new ServerError(`Voice '${voice}' is not available.`, {
      type: "invalid_request_error",
      code: "forbidden",
      param: "session.audio.output.voice",
    });
  }
  return {
    id,
    expires_at: expiresAt,
    status: "active",
    ...rest,
    audio: { ...hasAudioOnSocket && { format: audio?.format ?? DEFAULT_LIVE_FORMAT }, output: { voice } },
    delegation: delegation ?? { type: "client" },
    input: input ?? [],
    instructions: instructions?.trim() ? instructions : null,
    store: store ?? false,
    triggers: triggers ?? [],
  } as unknown as LiveSessionResource;
}

/**
 * The settings of a session that continues another one: all are inherited but the format, and on a socket the
 * permissions, as it has no data channel.
 *
 * @throws {ServerError} when the kind of delegation would change, or a socket asks for permissions.
 */
function forkedConfig(
  source: LiveSessionResource,
  changes: LiveForkSessionConfig,
  { hasAudioOnSocket }: LiveIdentity,
): LiveSessionConfig {
  if (hasAudioOnSocket && changes.client) throw serverError("unknown_parameter", { param: "session.client" });
  const { audio, id: _id, expires_at: _expires, status: _status, client: inheritedClient, ...inherited } = source;
  const client = hasAudioOnSocket ? undefined : changes.client ?? inheritedClient;
  const delegation = changes.delegation ? mergeDelegation(source, changes.delegation) : inherited.delegation;
  return {
    ...inherited,
    delegation,
    audio: { ...audio?.output && { output: audio.output }, ...changes.audio },
    ...client && { client },
    store: changes.store ?? inherited.store,
  } as LiveSessionConfig;
}

/**
 * The session with changes: objects merge, lists replace.
 *
 * @throws {ServerError} when the kind of delegation would change.
 */
export function updatedSession(session: LiveSessionResource, changes: LiveSessionUpdateConfig): LiveSessionResource {
  const { delegation, triggers } = changes;
  checkQuestions(changes);
  return {
    ...session,
    ...triggers && { triggers: triggers as unknown as NonNullable<LiveSessionResource["triggers"]> },
    ...delegation !== undefined && { delegation: mergeDelegation(session, delegation) },
  };
}

/** Fill level of the context after a duration of input. */
export function usageRatio(inputMs: number): number {
  return Math.min(MAX_USAGE_RATIO, (inputMs / STEP_MS) * TOKENS_OF_A_STEP / CONTEXT_TOKENS);
}

function mergeDelegation(
  { delegation: now }: LiveSessionResource,
  changes: LiveSessionUpdateConfig["delegation"],
): LiveSessionResource["delegation"] {
  const type = changes?.type ?? "client";
  if (now && type !== now.type) {
    throw new ServerError(`The delegation type cannot change from '${now.type}' to '${type}'.`, {
      code: "invalid_value",
      param: "session.delegation.type",
    });
  }
  return merge(now, changes ?? {}) as LiveSessionResource["delegation"];
}

function merge(now: unknown, changes: unknown): unknown {
  if (!isObject(now) || !isObject(changes)) return changes;
  const merged: Record<string, unknown> = { ...now };
  for (const [name, value] of Object.entries(changes)) merged[name] = merge(merged[name], value);
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
