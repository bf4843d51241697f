import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { isClientEvent, type ResponseCreateEvent, type ResponseInputItem } from "../../protocol/mod.ts";
import { type Fields, type Path, withValue } from "../_policy/field_path.ts";
import type { OverrideRules } from "../_policy/override_rules.ts";
import type { RelayedServerEvent, RelayFilter, RelayRefusal } from "../relay_filter.ts";

/** Events that a page may send whatever is in them. */
const FREE_EVENTS: ReadonlySet<string> = new Set([
  "conversation.item.delete",
  "conversation.item.retrieve",
  "conversation.item.truncate",
  "input_audio_buffer.append",
  "input_audio_buffer.clear",
  "input_audio_buffer.commit",
  "output_audio_buffer.clear",
  "response.cancel",
]);

/** Settings of the session that are between the server and the API. */
const HIDDEN_SETTINGS: ReadonlySet<string> = new Set(["instructions", "prompt", "tools", "tracing"]);

/** Where a response says why it failed. */
const FAILURE: Path = ["response", "status_details", "error", "message"];

/** Words in place of those of the API that may be about the account. */
const GENERIC_MESSAGE = "The voice service had a problem";

/** The rules that hold on a relay unless the host makes others of them. */
export function relayRules(overrides: OverrideRules): RelayFilter {
  return {
    fromClient(event, [issue]) {
      if (issue) return { refused: `${issue.path} ${issue.message}`.trim(), param: issue.path };
      if (FREE_EVENTS.has(event.type)) return event;
      if (isClientEvent(event, "session.update")) {
        const { type: _, ...settings } = event.session;
        return refusedSetting({ ...settings }, "session", overrides) ?? event;
      }
      if (isClientEvent(event, "response.create")) return refusedResponse(event, overrides) ?? event;
      if (isClientEvent(event, "conversation.item.create")) return refusedItem(event.item, "item") ?? event;
      return { refused: "Events of this type are not for the page to send", param: "type" };
    },
    fromServer: withoutSecrets,
  };
}

function refusedSetting(settings: Fields, parent: string, overrides: OverrideRules): RelayRefusal | undefined {
  const path = overrides.pathsIn(settings).find((path) => !overrides.allows(path));
  if (!path) return undefined;
  const param = [parent, ...path].join(".").slice(0, 200);
  return { refused: `${param} is not for the page to set`, param };
}

function refusedResponse({ response = {} }: ResponseCreateEvent, overrides: OverrideRules): RelayRefusal | undefined {
  // What a response is about is the page's, how it is made is the server's.
  const { conversation: _conversation, input = [], metadata: _metadata, ...settings } = response;
  for (const [index, item] of input.entries()) {
    const refusal = refusedItem(item, `response.input[${index}]`);
    if (refusal) return refusal;
  }
  return refusedSetting({ ...settings }, "response", overrides);
}

/** A page speaks for its user and answers for its tools. Neither the model's words nor the server's are its own. */
function refusedItem(item: ResponseInputItem, param: string): RelayRefusal | undefined {
  if (item.type === "message") {
    if (item.role === "user") return undefined;
    return { refused: `Messages of the ${item.role} are not for the page to write`, param: `${param}.role` };
  }
  if (item.type === "function_call_output" || item.type === "item_reference") return undefined;
  return { refused: `Items of type ${item.type} are not for the page to write`, param: `${param}.type` };
}

function withoutSecrets(event: RelayedServerEvent): RelayedServerEvent | undefined {
  // By name, as events that are not as the protocol has them come here, too.
  const fields: WireEvent = { ...event };
  switch (event.type) {
    case "rate_limits.updated":
      return undefined;
    case "session.created":
    case "session.updated":
      return withValue(fields, ["session"], withoutPolicy(fields.session)) as WireEvent;
    case "error":
      return stringAt(fields, "error", "type") === "invalid_request_error"
        ? event
        : generic(fields, ["error", "message"]);
    case "response.done":
      return at(fields, ...FAILURE) === undefined ? event : generic(fields, FAILURE);
    default:
      return stringAt(fields, "item", "type") === "mcp_list_tools"
        ? withValue(fields, ["item", "tools"], []) as WireEvent
        : event;
  }
}

function withoutPolicy(session: unknown): unknown {
  if (!isRecord(session)) return undefined;
  return Object.fromEntries(Object.entries(session).filter(([name]) => !HIDDEN_SETTINGS.has(name)));
}

function generic(event: WireEvent, path: Path): WireEvent | undefined {
  return withValue(event, path, GENERIC_MESSAGE) as WireEvent | undefined;
}
