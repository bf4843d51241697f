import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { isClientEvent, type ResponseCreateEvent, type ResponseInputItem } from "../../protocol/mod.ts";
import type { Fields } from "../_policy/field_path.ts";
import type { OverrideRules } from "../_policy/override_rules.ts";
import type { PageView } from "../_view/page_view.ts";
import type { RelayedServerEvent, RelayFilter, RelayRefusal } from "../relay_filter.ts";

/** Events that a page may send with any content. */
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

/** The same, in a translation session. */
const FREE_TRANSLATION_EVENTS: ReadonlySet<string> = new Set(["session.close", "session.input_audio_buffer.append"]);

/** Options of {@linkcode relayRules}. */
export interface RelayRulesOptions {
  /** Settings that the page may change. */
  readonly overrides: OverrideRules;
  /** Filters events for the page. */
  readonly view: PageView;
  /** Type of session. */
  readonly type: string;
}

/** The default rules of a relay. */
export function relayRules({ overrides, type, view }: RelayRulesOptions): RelayFilter {
  const free = type === "translation" ? FREE_TRANSLATION_EVENTS : FREE_EVENTS;
  return {
    fromClient(event, [issue]) {
      if (issue) return { refused: `${issue.path} ${issue.message}`.trim(), param: issue.path };
      if (free.has(event.type)) return event;
      if (event.type === "session.update") return refusedUpdate(event, type, overrides) ?? event;
      if (type !== "translation") {
        if (isClientEvent(event, "response.create")) return refusedResponse(event, overrides) ?? event;
        if (isClientEvent(event, "conversation.item.create")) return refusedItem(event.item, "item") ?? event;
      }
      return { refused: "Events of this type are not for the page to send", param: "type" };
    },
    // By name, as malformed events are also processed here.
    fromServer: (event) => view(event as unknown as WireEvent) as RelayedServerEvent | undefined,
  };
}

function refusedUpdate(event: unknown, type: string, overrides: OverrideRules): RelayRefusal | undefined {
  const session = at(event, "session");
  if (!isRecord(session)) return { refused: "session must be an object", param: "session" };
  const { type: said, ...settings } = session;
  // The type of the session was decided at its start. It may be repeated.
  if (said !== undefined && said !== type) {
    return { refused: "session.type is not for the page to set", param: "session.type" };
  }
  return refusedSetting(settings, "session", overrides);
}

/** The reason why a page may not set one of these settings. */
export function refusedSetting(settings: Fields, parent: string, overrides: OverrideRules): RelayRefusal | undefined {
  const path = overrides.pathsIn(settings).find((path) => !overrides.allows(path));
  if (!path) return undefined;
  const param = [parent, ...path].join(".").slice(0, 200);
  return { refused: `${param} is not for the page to set`, param };
}

function refusedResponse({ response = {} }: ResponseCreateEvent, overrides: OverrideRules): RelayRefusal | undefined {
  // The page determines the subject of a response, the server its settings.
  const { conversation: _conversation, input = [], metadata: _metadata, ...settings } = response;
  for (const [index, item] of input.entries()) {
    const refusal = refusedItem(item, `response.input[${index}]`);
    if (refusal) return refusal;
  }
  return refusedSetting({ ...settings }, "response", overrides);
}

/** A page speaks for its user and answers for its tools, but must not speak for the model or the server. */
function refusedItem(item: ResponseInputItem, param: string): RelayRefusal | undefined {
  if (item.type === "message") {
    if (item.role === "user") return undefined;
    return { refused: `Messages of the ${item.role} are not for the page to write`, param: `${param}.role` };
  }
  if (item.type === "function_call_output" || item.type === "item_reference") return undefined;
  return { refused: `Items of type ${stringAt(item, "type")} are not for the page to write`, param: `${param}.type` };
}
