// This module is browser compatible.
import { issuesOf } from "../_schemas/issues.ts";
import {
  CallCreateRequestSchema,
  CallReferRequestSchema,
  CallRejectRequestSchema,
  ClientSecretRequestSchema,
  ClientSecretResponseSchema,
  TranslationClientSecretRequestSchema,
  TranslationClientSecretResponseSchema,
} from "../_schemas/rest.ts";
import { SessionConfigSchema, SessionConfigSchemas } from "../_schemas/session_config.ts";
import type { FieldIssue } from "../field_issue.ts";

/**
 * Checks the settings of a session, as `session.update` sends them.
 *
 * @category REST
 *
 * @example Check settings before they are used
 * ```ts
 * import { checkSessionConfig } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const [issue] = checkSessionConfig({ type: "realtime", audio: { output: { speed: 3 } } });
 * assertEquals(issue?.path, "audio.output.speed");
 * assertEquals(issue?.message, "must be from 0.25 to 1.5: current value is 3");
 * ```
 */
export function checkSessionConfig(config: unknown): readonly FieldIssue[] {
  return issuesOf(SessionConfigSchema, config);
}

/**
 * Checks a {@linkcode ClientSecretRequest}.
 *
 * @category REST
 */
export function checkClientSecretRequest(body: unknown): readonly FieldIssue[] {
  return issuesOf(ClientSecretRequestSchema, body);
}

/**
 * Checks a {@linkcode TranslationClientSecretRequest}.
 *
 * @category REST
 */
export function checkTranslationClientSecretRequest(body: unknown): readonly FieldIssue[] {
  return issuesOf(TranslationClientSecretRequestSchema, body);
}

/**
 * Checks a {@linkcode CallCreateRequest}.
 *
 * @category REST
 */
export function checkCallCreateRequest(body: unknown): readonly FieldIssue[] {
  return issuesOf(CallCreateRequestSchema, body);
}

/**
 * Checks a {@linkcode CallAcceptRequest}, the settings of a conversation.
 *
 * @category REST
 *
 * @example A call has no other kind of session
 * ```ts
 * import { checkCallAcceptRequest } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(checkCallAcceptRequest({ type: "realtime", model: "gpt-realtime-2.1" }), []);
 * assertEquals(checkCallAcceptRequest({ type: "transcription" }).map(({ path }) => path), ["type"]);
 * ```
 */
export function checkCallAcceptRequest(body: unknown): readonly FieldIssue[] {
  return issuesOf(SessionConfigSchemas.realtime, body);
}

/**
 * Checks a {@linkcode CallRejectRequest}.
 *
 * @category REST
 */
export function checkCallRejectRequest(body: unknown): readonly FieldIssue[] {
  return issuesOf(CallRejectRequestSchema, body);
}

/**
 * Checks a {@linkcode CallReferRequest}.
 *
 * @category REST
 */
export function checkCallReferRequest(body: unknown): readonly FieldIssue[] {
  return issuesOf(CallReferRequestSchema, body);
}

/**
 * Checks a {@linkcode ClientSecretResponse} for missing fields and wrong types.
 *
 * @category REST
 */
export function checkClientSecretResponse(body: unknown): readonly FieldIssue[] {
  return issuesOf(ClientSecretResponseSchema, body);
}

/**
 * Checks a {@linkcode TranslationClientSecretResponse} for missing fields and wrong types.
 *
 * @category REST
 */
export function checkTranslationClientSecretResponse(body: unknown): readonly FieldIssue[] {
  return issuesOf(TranslationClientSecretResponseSchema, body);
}
