// This module is browser compatible.

/**
 * A client for OpenAI's Realtime API: sessions, voice, tools and the WebSocket transport, with web standards only.
 *
 * @example A whole conversation, against the embedded simulator
 * ```ts
 * import { connect } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assert } from "@std/assert";
 *
 * await using session = await connect({
 *   apiKey: "sk-test",
 *   dial: createSimulator().dial,
 *   outputModalities: ["text"],
 * });
 * await session.sendMessage("Good morning!");
 * assert((await session.respond().text()).length > 0);
 * ```
 *
 * @module
 */
export type { Clock } from "./src/_internal/clock.ts";
export { systemClock } from "./src/_internal/clock.ts";
export { type IdGenerator, randomId } from "./src/_internal/ids.ts";
export type { PcmChunk } from "./src/audio/mod.ts";
export * from "./src/connect.ts";
export * from "./src/connect_transcription.ts";
export * from "./src/connect_translation.ts";
export * from "./src/errors.ts";
export type * from "./src/protocol/audio_buffers/mod.ts";
export type * from "./src/protocol/codec.ts";
export type * from "./src/protocol/conversation/mod.ts";
export type * from "./src/protocol/events/mod.ts";
export type * from "./src/protocol/field_issue.ts";
export type * from "./src/protocol/nullable_fields.ts";
export type * from "./src/protocol/open_enum.ts";
export type * from "./src/protocol/response/mod.ts";
export type * from "./src/protocol/rest/mod.ts";
export type * from "./src/protocol/schemas.ts";
export type * from "./src/protocol/session/mod.ts";
export type * from "./src/protocol/tools/mod.ts";
export type * from "./src/protocol/translation/mod.ts";
export type * from "./src/protocol/unknown_kind.ts";
export * from "./src/session/mod.ts";
export * from "./src/tools/mod.ts";
export * from "./src/transport/mod.ts";
export * from "./src/voice/mod.ts";
