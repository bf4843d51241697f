// This module is browser compatible.
import { LIVE_SERVER_EVENT_TYPES, SERVER_EVENT_TYPES, TRANSLATION_SERVER_EVENT_TYPES } from "../../protocol/mod.ts";
import { betaTypeOf } from "./voice_live_shape.ts";

/** Types that only xAI sends. */
const XAI_TYPES: readonly string[] = ["ping", "conversation.item.input_audio_transcription.updated"];

/** Types of the frames of faults. */
const FAULT_TYPES: readonly string[] = ["simulator.huge", "simulator.unknown"];

/** The types of all events that the simulated servers send, on any of their endpoints. */
export function wireTypes(): ReadonlySet<string> {
  return new Set<string>([
    ...SERVER_EVENT_TYPES,
    ...SERVER_EVENT_TYPES.map(betaTypeOf),
    ...TRANSLATION_SERVER_EVENT_TYPES,
    ...LIVE_SERVER_EVENT_TYPES,
    ...XAI_TYPES,
    ...FAULT_TYPES,
  ]);
}
