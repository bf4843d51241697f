// This module is browser compatible.
import { InvalidEventError } from "../../errors.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { MAX_METADATA_PAIRS, type ResponseConfig, type ResponseCreateEvent } from "../../protocol/mod.ts";

/** Metadata key that identifies our responses. The server echoes metadata; users never see this key. */
export const CORRELATION_KEY = "oai_rt_key";

/** The `response.create` of this id, which is also in its metadata. */
export function toCorrelatedEvent(config: ResponseConfig, event_id: string): ResponseCreateEvent {
  const response = { ...config, metadata: { ...config.metadata, [CORRELATION_KEY]: event_id } };
  return { type: "response.create", event_id, response };
}

/** Our id in an event that carries a response, if there is one. */
export function correlationIdOf(event: WireEvent): string | undefined {
  return stringAt(event.response, "metadata", CORRELATION_KEY);
}

/** Whether the response in an event belongs to the default conversation, according to the server. */
export function isInConversation(event: WireEvent): boolean {
  return at(event.response, "conversation_id") !== null;
}

/** The event without our metadata key, as users see it. */
export function stripCorrelationId<T>(event: T): T {
  if (!isRecord(event)) return event;
  if (event.type === "malformed_event") return { ...event, raw: stripCorrelationId(event.raw) };
  const { response } = event;
  if (!isRecord(response)) return event;
  const { metadata } = response;
  if (!isRecord(metadata) || !(CORRELATION_KEY in metadata)) return event;
  const { [CORRELATION_KEY]: _key, ...rest } = metadata;
  return { ...event, response: { ...response, metadata: Object.keys(rest).length > 0 ? rest : null } } as T;
}

/** Rejects metadata that leaves no room for our key. */
export function checkMetadata(config: ResponseConfig): void {
  const type = "response.create";
  const metadata = config.metadata ?? {};
  const names = Object.keys(metadata).filter((name) => metadata[name] !== undefined);
  const refuse = (path: string, message: string, value: unknown) => {
    throw new InvalidEventError(type, [{ path, message, value }]);
  };
  if (names.includes(CORRELATION_KEY)) {
    refuse(`response.metadata.${CORRELATION_KEY}`, "is reserved for the session", metadata[CORRELATION_KEY]);
  }
  if (names.length >= MAX_METADATA_PAIRS) {
    const most = `${MAX_METADATA_PAIRS - 1} pairs, as the session adds ${CORRELATION_KEY}`;
    refuse("response.metadata", `must have at most ${most}: current value has ${names.length}`, metadata);
  }
}
