// This module is browser compatible.
import type { ServerEventBase } from "../events/event_base.ts";
import type { LiveDecision } from "./decisions/decision.ts";
import type { LiveStoredDecisionItem } from "./decisions/decision_item.ts";
import type { LiveServerEventBase } from "./server_events.ts";
import type { OpenEnum } from "../open_enum.ts";

/**
 * What the voice model wants done.
 *
 * @category Live
 */
export interface LiveDelegation {
  /** Identifier, which answers repeat as `delegation_id`. */
  readonly id: string;
  /** Kind of object. */
  readonly type?: OpenEnum<"delegation"> | null | undefined;
  /** Who does it. */
  readonly target: OpenEnum<"client" | "responses" | "decisions">;
  /** The response of the backend. */
  readonly response_id?: string | null | undefined;
}

/**
 * The voice model wants something done. The task is in no event: it follows from the transcripts.
 *
 * @category Live
 */
export interface LiveDelegationCreatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.delegation.created";
  /** Where in the session, in milliseconds. */
  readonly offset_ms: number;
  /** What is wanted. */
  readonly delegation: LiveDelegation;
}

/**
 * An event of the Responses API, as it came.
 *
 * @category Live
 */
export interface LiveNestedEvent {
  /** Kind of event, e.g. `response.output_item.done`. */
  readonly type: string;
  /** A field of the event. */
  readonly [field: string]: unknown;
}

/**
 * An event of the backend's stream.
 *
 * @category Live
 */
export interface LiveResponseEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "response.event";
  /** An event of the Responses API; the `output` of `response.completed` is always empty. */
  readonly event: LiveNestedEvent;
  /** The delegation that it belongs to; may be null. */
  readonly delegation_id?: string | null | undefined;
}

/**
 * What a classifier has decided.
 *
 * @category Live
 */
export interface LiveDecisionCompletedEvent {
  /** Kind of event. */
  readonly type: OpenEnum<"decision.completed">;
  /** The answers. */
  readonly decision: LiveDecision;
}

/**
 * A classifier has decided.
 *
 * @category Live
 */
export interface LiveDecisionEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "decision.event";
  /** What it has decided. */
  readonly event: LiveDecisionCompletedEvent;
  /** The delegation that asked. */
  readonly delegation_id?: string | null | undefined;
  /** The fragment of the transcript that asked. */
  readonly source_event_id?: string | null | undefined;
  /** The kind of that fragment. */
  readonly source_event_type?:
    | OpenEnum<"session.input_transcript.delta" | "session.output_transcript.delta">
    | null
    | undefined;
  /** The trigger that asked. */
  readonly trigger_id?: string | null | undefined;
}

/**
 * Answer to `decision.item.create`.
 *
 * @category Live
 */
export interface LiveDecisionItemCreatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "decision.item.created";
  /** The item. */
  readonly item: LiveStoredDecisionItem;
}

/**
 * Answer to `decision.item.delete`.
 *
 * @category Live
 */
export interface LiveDecisionItemDeletedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "decision.item.deleted";
  /** Identifier of the item. */
  readonly item_id: string;
}
