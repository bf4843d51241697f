// This module is browser compatible.
import type { Item, RealtimeResponse, ResponseStatus, ResponseStatusDetails, Usage } from "../../../protocol/mod.ts";
import type { ResponseSettings } from "../config/response_settings.ts";

/** State of a response. */
export interface ResponseState {
  /** Identifier of the response. */
  readonly id: string;
  /** Its status. */
  readonly status: ResponseStatus;
  /** Details of its end. */
  readonly details: ResponseStatusDetails | null;
  /** Its current items. */
  readonly output: readonly Item[];
  /** Identifier of the default conversation. */
  readonly conversationId: string;
  /** Its usage; null while it is active. */
  readonly usage: Usage | null;
}

/** Creates the response that `response.created` and `response.done` show, with its fields in the recorded order. */
export function responseObject(state: ResponseState, settings: ResponseSettings): RealtimeResponse {
  return {
    object: "realtime.response",
    id: state.id,
    status: state.status,
    status_details: state.details,
    output: state.output,
    conversation_id: settings.outOfBand ? null : state.conversationId,
    output_modalities: [settings.modality],
    max_output_tokens: settings.maxOutputTokens,
    audio: { output: { format: settings.format, voice: settings.voice } },
    usage: state.usage,
    metadata: settings.metadata,
  };
}
