// This module is browser compatible.
import type { ServerEventBase } from "../events/event_base.ts";
import type { LiveDecision } from "./decisions/decision.ts";
import type { LiveStoredDecisionItem } from "./decisions/decision_item.ts";
import type { LiveServerEventBase } from "./server_events.ts";
import type { OpenEnum } from "../open_enum.ts";

/**
 * A task that the voice model delegates.
 *
 * @category Live
 */
export interface LiveDelegation {
  /** Identifier, which answers repeat as `delegation_id`. */
  readonly id: string;
  /** Kind of object. */
  readonly type?: OpenEnum<"delegation"> | null | undefined;
  /** The receiver of the task. */
  readonly target: OpenEnum<"client" | "responses" | "decisions">;
  /** The response of the backend. */
  readonly response_id?: string | null | undefined;
}

/**
 * The voice model delegates a task. No event contains the task: it follows from the transcripts.
 *
 * @category Live
 */
export interface LiveDelegationCreatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.delegation.created";
  /** Position in the session, in milliseconds. */
  readonly offset_ms: number;
  /** The delegation. */
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
  /** The delegation of the event; may be null. */
  readonly delegation_id?: string | null | undefined;
}

/**
 * The decisions of a classifier.
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
  /** The decisions. */
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
