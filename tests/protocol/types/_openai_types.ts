import type * as theirCalls from "openai/resources/realtime/calls";
import type * as theirSecrets from "openai/resources/realtime/client-secrets";
import type * as theirs from "openai/resources/realtime/realtime";
import type * as theirResponses from "openai/resources/responses/responses";
import type * as theirWebhooks from "openai/resources/webhooks/webhooks";
import type * as ours from "../../../src/protocol/mod.ts";
import type { ByType, ReceivedEvents, SentEvents } from "../_event_difference.ts";
import type { InboundDifference as Received, OutboundDifference as Sent } from "./_type_difference.ts";

/** Differences between our types of events and those of the npm package openai. */
export type EventDifference =
  | ReceivedEvents<ours.ServerEventMap, ByType<theirs.RealtimeServerEvent>>
  | ReceivedEvents<ours.TranslationServerEventMap, ByType<theirs.RealtimeTranslationServerEvent>>
  | SentEvents<ours.ClientEventMap, ByType<theirs.RealtimeClientEvent>>
  | SentEvents<ours.TranslationClientEventMap, ByType<theirs.RealtimeTranslationClientEvent>>;

type TheirSystem = theirs.RealtimeConversationItemSystemMessage;
type TheirUser = theirs.RealtimeConversationItemUserMessage;
type TheirAssistant = theirs.RealtimeConversationItemAssistantMessage;
type TheirContent =
  | TheirSystem["content"][number]
  | TheirUser["content"][number]
  | TheirAssistant["content"][number]
  | theirs.ResponseContentPartAddedEvent.Part
  | theirs.ResponseContentPartDoneEvent.Part;

/** Differences between the types of items. */
export type ItemDifference =
  | Received<ours.SystemMessageItem, TheirSystem, "received system">
  | Received<ours.UserMessageItem, TheirUser, "received user">
  | Received<ours.AssistantMessageItem, TheirAssistant, "received assistant">
  | Received<ours.ContentPart, TheirContent, "received content">
  | Received<ours.FunctionCallItem, theirs.RealtimeConversationItemFunctionCall, "received function_call">
  | Received<ours.FunctionCallOutputItem, theirs.RealtimeConversationItemFunctionCallOutput, "received call_output">
  | Received<ours.McpListToolsItem, theirs.RealtimeMcpListTools, "received mcp_list_tools">
  | Received<ours.McpListedTool, theirs.RealtimeMcpListTools.Tool, "received mcp_list_tools.tool">
  | Received<ours.McpCallItem, theirs.RealtimeMcpToolCall, "received mcp_call">
  | Received<ours.McpApprovalRequestItem, theirs.RealtimeMcpApprovalRequest, "received mcp_approval_request">
  | Received<ours.McpApprovalResponseItem, theirs.RealtimeMcpApprovalResponse, "received mcp_approval_response">
  | Sent<ours.SystemMessageItemParam, TheirSystem, "sent system">
  | Sent<ours.InputTextPartParam, TheirSystem["content"][number], "sent system content">
  | Sent<ours.UserMessageItemParam, TheirUser, "sent user">
  | Sent<ours.UserContentPartParam, TheirUser["content"][number], "sent user content">
  | Sent<ours.AssistantMessageItemParam, TheirAssistant, "sent assistant">
  | Sent<ours.AssistantContentPartParam, TheirAssistant["content"][number], "sent assistant content">
  | Sent<ours.FunctionCallItemParam, theirs.RealtimeConversationItemFunctionCall, "sent function_call">
  | Sent<ours.FunctionCallOutputItemParam, theirs.RealtimeConversationItemFunctionCallOutput, "sent call_output">
  | Sent<ours.McpListToolsItemParam, theirs.RealtimeMcpListTools, "sent mcp_list_tools">
  | Sent<ours.McpListedTool, theirs.RealtimeMcpListTools.Tool, "sent mcp_list_tools.tool">
  | Sent<ours.McpCallItemParam, theirs.RealtimeMcpToolCall, "sent mcp_call">
  | Sent<ours.McpApprovalRequestItemParam, theirs.RealtimeMcpApprovalRequest, "sent mcp_approval_request">
  | Sent<ours.McpApprovalResponseItemParam, theirs.RealtimeMcpApprovalResponse, "sent mcp_approval_response">
  | Sent<ours.ItemReference, theirs.ResponseItemReference, "sent item_reference">;

/** Theirs have two shapes: as in events, and as in the response with a client secret. */
type TheirSession = theirs.RealtimeSessionCreateRequest | theirSecrets.RealtimeSessionCreateResponse;
type TheirTranscriptionSession =
  | theirs.RealtimeTranscriptionSessionCreateRequest
  | theirSecrets.RealtimeTranscriptionSessionCreateResponse;
type TheirResponseTool = Exclude<theirs.RealtimeResponseCreateParams["tools"], undefined>[number];

/** Differences between the types of sessions and responses. */
export type SessionDifference =
  | Received<ours.RealtimeSession, TheirSession, "received realtime">
  | Received<ours.TranscriptionSession, TheirTranscriptionSession, "received transcription">
  | Received<ours.TranslationSession, theirs.RealtimeTranslationSession, "received translation">
  | Received<ours.EffectiveTool, theirs.RealtimeToolsConfigUnion, "received tool">
  | Received<ours.EffectivePrompt, theirResponses.ResponsePrompt, "received prompt">
  | Received<ours.RealtimeResponse, theirs.RealtimeResponse, "received response">
  | Sent<ours.RealtimeSessionConfig, theirs.RealtimeSessionCreateRequest, "sent realtime">
  | Sent<ours.TranscriptionSessionConfig, theirs.RealtimeTranscriptionSessionCreateRequest, "sent transcription">
  | Sent<ours.TranslationSessionConfig, theirs.RealtimeTranslationSessionUpdateRequest, "sent translation">
  | Sent<ours.Tool, theirs.RealtimeToolsConfigUnion, "sent tool">
  | Sent<ours.Tool, TheirResponseTool, "sent tool">
  | Sent<ours.Prompt, theirResponses.ResponsePrompt, "sent prompt">
  | Sent<ours.ResponseConfig, theirs.RealtimeResponseCreateParamsWithReferencesParam, "sent response">;

/** Differences between the types of REST bodies and webhooks. */
export type RestDifference =
  | Sent<ours.ClientSecretRequest, theirSecrets.ClientSecretCreateParams, "sent secret">
  | Sent<ours.TranslationClientSecretRequest, theirs.RealtimeTranslationClientSecretCreateRequest, "sent secret">
  | Sent<ours.TranslationSessionCreateConfig, theirs.RealtimeTranslationSessionCreateRequest, "sent translation">
  | Sent<ours.CallCreateRequest, theirCalls.CallCreateParams, "sent call">
  | Sent<ours.CallAcceptRequest, theirCalls.CallAcceptParams, "sent realtime">
  | Sent<ours.CallRejectRequest, theirCalls.CallRejectParams, "sent reject">
  | Sent<ours.CallReferRequest, theirCalls.CallReferParams, "sent refer">
  | Received<ours.ClientSecretResponse, theirSecrets.ClientSecretCreateResponse, "received secret">
  | Received<
    ours.TranslationClientSecretResponse,
    theirs.RealtimeTranslationClientSecretCreateResponse,
    "received secret"
  >
  | Received<ours.RealtimeCallIncomingEvent, theirWebhooks.RealtimeCallIncomingWebhookEvent, "received webhook">;
