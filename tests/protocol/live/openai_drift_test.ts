import type * as theirDecisions from "openai/resources/decisions";
import type * as theirForks from "openai/resources/live/forks/forks";
import type * as theirs from "openai/resources/live/live";
import type * as theirSessions from "openai/resources/live/sessions";
import type * as theirSideband from "openai/resources/live/sideband/sideband";
import type * as theirWebhooks from "openai/resources/webhooks/webhooks";
import { assertEquals } from "@std/assert";
import type * as ours from "../../../src/protocol/mod.ts";
import type { ByType, ReceivedEvents, SentEvents } from "../_event_difference.ts";
import type { InboundDifference as Received, OutboundDifference as Sent } from "../types/_type_difference.ts";

// Compiles as long as our types and those of openai 7.59 differ exactly as listed, with reasons.

type EventDifference =
  | ReceivedEvents<ours.LiveServerEventMap, ByType<theirs.ServerEvent>>
  | ReceivedEvents<ours.LiveServerEventMap, ByType<theirSideband.SidebandServerEvent>>
  | ReceivedEvents<ours.LiveServerEventMap, ByType<theirForks.ForkServerEvent>>
  | SentEvents<ours.LiveClientEventMap, ByType<theirs.ClientEvent>>
  | SentEvents<ours.LiveSidebandClientEventMap, ByType<theirSideband.SidebandClientEvent>>
  | SentEvents<ours.LiveForkClientEventMap, ByType<theirForks.ForkClientEvent>>;

type PartsDifference =
  | Sent<ours.LiveSessionConfig, theirs.SessionConfig, "sent session">
  | Sent<ours.LiveMediaSessionConfig, theirs.MediaSessionConfig, "sent media session">
  | Sent<ours.LiveSessionUpdateConfig, theirs.SessionUpdateConfig, "sent update">
  | Sent<ours.LiveForkSessionConfig, theirs.ForkSessionConfig, "sent fork">
  | Sent<ours.LiveMediaForkConfig, theirs.MediaSessionForkConfig, "sent media fork">
  | Sent<ours.LiveInitialItem, theirs.InitialItem, "sent input">
  | Sent<ours.LiveDecisionQuestion, theirs.DecisionQuestion, "sent question">
  | Sent<ours.LiveFunctionTool, theirs.FunctionTool, "sent function">
  | Sent<ours.LiveDecisionMessage, TheirDecisionMessage, "sent decision message">
  | Received<ours.LiveSessionResource, theirs.SessionResource, "received session">
  | Received<ours.LiveDecision, theirDecisions.Decision, "received decision">;

type TheirDecisionMessage =
  | theirs.DecisionUserMessage
  | theirs.DecisionDeveloperMessage
  | theirs.DecisionSystemMessage
  | theirs.DecisionAssistantMessage;

type RestDifference =
  | Sent<ours.LiveSessionCreateRequest, theirs.LiveCreateParams, "sent create">
  | Sent<ours.LiveSessionForkRequest, theirSessions.SessionForkParams, "sent fork">
  | Sent<ours.LiveCallAcceptRequest, theirSessions.SessionAcceptParams, "sent accept">
  | Sent<ours.LiveCallSessionConfig, theirSessions.SessionAcceptParams.Session, "sent call">
  | Sent<ours.LiveCallRejectRequest, theirSessions.SessionRejectParams, "sent reject">
  | Sent<ours.LiveCallReferRequest, theirSessions.SessionReferParams, "sent refer">
  | Received<ours.LiveSessionCreateResponse, theirs.LiveCreateResponse, "received create">
  | Received<ours.LiveTransportIncomingEvent, theirWebhooks.LiveTransportIncomingWebhookEvent, "received incoming">
  | Received<ours.LiveTransportConnectedEvent, theirWebhooks.LiveTransportConnectedWebhookEvent, "received connected">;

/** Every string enumeration is open in ours, by design, and `tool_choice` is passed unchanged. */
type Open<D> = Exclude<D, `${string} may be any word in ours` | `${string}.tool_choice${string}`>;

const FLAT = "our one shape for all kinds has the fields of each";
const LOOSE = "nothing of ours depends on it, so that a server may leave it out";
const NEWER = "the documentation names it";
const NULL = "null was seen";
const OLDER = "the schema of October 2026 has it";
const PASSED = "it is passed through as it came";
const SHARED = "one type of ours serves several places";

const EVENTS: Record<Open<EventDifference>, string> = {
  "decision.event.delegation_id is optional in ours": LOOSE,
  "decision.event.event.decision.answers[].confidence is optional in ours": LOOSE,
  "decision.event.event.decision.answers[].name is optional in ours": LOOSE,
  "decision.event.event.decision.answers[].probabilities is optional in ours": LOOSE,
  "decision.event.event.decision.usage is optional in ours": LOOSE,
  "decision.event.event.decision.usage.input_tokens is optional in ours": LOOSE,
  "decision.event.event.decision.usage.input_tokens_details is optional in ours": LOOSE,
  "decision.event.event.decision.usage.input_tokens_details.cache_write_tokens is optional in ours": LOOSE,
  "decision.event.event.decision.usage.input_tokens_details.cached_tokens is optional in ours": LOOSE,
  "decision.event.event.decision.usage.output_tokens is optional in ours": LOOSE,
  "decision.event.event.decision.usage.output_tokens_details is optional in ours": LOOSE,
  "decision.event.event.decision.usage.output_tokens_details.reasoning_tokens is optional in ours": LOOSE,
  "decision.event.event.decision.usage.total_tokens is optional in ours": LOOSE,
  "decision.event.source_event_id is optional in ours": LOOSE,
  "decision.event.source_event_type is optional in ours": LOOSE,
  "decision.event.trigger_id is optional in ours": LOOSE,
  "error.error.code is optional in ours": NULL,
  "response.event.event may be object in theirs": PASSED,
  "session.delegation.created.delegation.type is optional in ours": LOOSE,
  "transport.answered.client_event_id is only in ours": SHARED,
  "transport.dtmf.received.client_event_id is only in ours": SHARED,
  "transport.failed.client_event_id is only in ours": SHARED,
  "transport.failed.error.code is optional in ours": NULL,
  "transport.ringing.client_event_id is only in ours": SHARED,
};
const PARTS: Record<Open<PartsDifference>, string> = {
  "received decision.answers[].confidence is optional in ours": LOOSE,
  "received decision.answers[].name is optional in ours": LOOSE,
  "received decision.answers[].probabilities is optional in ours": LOOSE,
  "received decision.usage is optional in ours": LOOSE,
  "received decision.usage.input_tokens is optional in ours": LOOSE,
  "received decision.usage.input_tokens_details is optional in ours": LOOSE,
  "received decision.usage.input_tokens_details.cache_write_tokens is optional in ours": LOOSE,
  "received decision.usage.input_tokens_details.cached_tokens is optional in ours": LOOSE,
  "received decision.usage.output_tokens is optional in ours": LOOSE,
  "received decision.usage.output_tokens_details is optional in ours": LOOSE,
  "received decision.usage.output_tokens_details.reasoning_tokens is optional in ours": LOOSE,
  "received decision.usage.total_tokens is optional in ours": LOOSE,
  "received session.audio.format.rate is optional in ours": LOOSE,
  "received session.delegation.decisions is optional in ours": FLAT,
  "received session.delegation.responses is optional in ours": FLAT,
  "received session.delegation.responses.instructions is required in ours": PASSED,
  "received session.delegation.responses.max_output_tokens is required in ours": PASSED,
  "received session.delegation.responses.parallel_tool_calls is required in ours": PASSED,
  "received session.delegation.responses.reasoning is required in ours": PASSED,
  "received session.delegation.responses.service_tier is required in ours": PASSED,
  "received session.delegation.responses.text is required in ours": PASSED,
  "received session.delegation.responses.tools is required in ours": PASSED,
  'received session.model may be "gpt-live-1.1" in ours': NEWER,
  "received session.status is optional in ours": LOOSE,
  'sent media session.model may be "gpt-live-1.1" in ours': NEWER,
  'sent session.model may be "gpt-live-1.1" in ours': NEWER,
};
const REST: Record<Open<RestDifference>, string> = {
  "received connected.data.type is optional in ours": LOOSE,
  "received connected.object is optional in ours": LOOSE,
  "received create.transport is optional in ours": FLAT,
  "received create.transport.sdp is optional in ours": FLAT,
  'received create.transport.type may be "sip" in ours': OLDER,
  "received incoming.data.type is optional in ours": SHARED,
  'sent call.model may be "gpt-live-1.1" in ours': NEWER,
  "sent create.transport.destination is only in ours": OLDER,
  "sent create.transport.trunk is only in ours": OLDER,
  'sent create.transport.type may be "sip" in ours': OLDER,
};

Deno.test("our Live types differ from those of openai only where the lists say", () => {
  for (const list of [EVENTS, PARTS, REST]) {
    assertEquals(Object.values<string>(list).filter((reason) => reason === ""), []);
  }
});
