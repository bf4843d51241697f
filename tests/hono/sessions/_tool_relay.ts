import { defineTool, type RealtimeTool } from "../../../src/tools/mod.ts";
import { POLICY } from "../_edge.ts";
import { type Api, beginSession, createSetting, type Sent, type SettingOptions } from "../_relay.ts";

/** A tool that returns at once. */
export const lookup = defineTool({
  name: "lookup",
  description: "Looks an order up.",
  parameters: { type: "object", properties: { id: { type: "string" } } },
  run: ({ id }) => ({ order: id }),
});

/** A call as the model makes it. */
export const call = (name = "lookup", id = "1", args = `{"id":"12"}`) => ({
  id: `item_${id}`,
  type: "function_call",
  status: "completed",
  name,
  call_id: `call_${id}`,
  arguments: args,
});

/** A function that the page carries out. */
export const PAGES = { type: "function", name: "pages", parameters: { type: "object" } } as const;

/** Accepts items as the API does, except those that `refuses` selects. */
function acceptItems(api: Api, refuses: (item: Record<string, unknown>) => boolean): void {
  beginSession(api);
  const { answer } = api;
  api.answer = (event) => {
    answer(event);
    if (event.type !== "conversation.item.create") return;
    const item = event.item as Record<string, unknown>;
    const error = { type: "invalid_request_error", code: "invalid_value", message: "No", event_id: event.event_id };
    if (refuses(item)) return api.send({ type: "error", event_id: "e", error });
    api.send({ type: "conversation.item.added", event_id: "a", item });
    api.send({ type: "conversation.item.done", event_id: "b", item });
  };
}

/** Outputs that the model received for its calls. */
export const outputsOf = (received: readonly Sent[]) =>
  received.flatMap(({ item }) => (item as { output?: string } | undefined)?.output ?? []);

/** Number of responses requested by the server. */
export const askedOf = (received: readonly Sent[]) => received.filter(({ type }) => type === "response.create").length;

/** A relay with tools of the server, and an API that takes items. */
export async function relayWith(
  tools: readonly RealtimeTool[],
  { refuses = () => false, ...options }: SettingOptions & {
    readonly refuses?: (item: Record<string, unknown>) => boolean;
  } = {},
) {
  const session = { ...POLICY, tools: [PAGES] };
  const setting = createSetting({ tools, session, onDial: (api) => acceptItems(api, refuses), ...options });
  const { page } = await setting.open();
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await setting.clock.advance(0);
  };
  /** Sends a call of the model, and the end of its response. */
  const calls = (...items: readonly ReturnType<typeof call>[]) => callsWith({}, ...items);
  /** The same with further fields of the response. */
  const callsWith = async (more: object, ...items: readonly ReturnType<typeof call>[]) => {
    // Each is a new response.
    const id = `resp_${items[0]?.id}`;
    setting.api.send({ type: "response.created", event_id: "c", response: { id, status: "in_progress", ...more } });
    for (const item of items) {
      setting.api.send({ type: "response.output_item.added", response_id: id, item: { ...item, arguments: "" } });
      setting.api.send({ type: "conversation.item.added", item: { ...item, arguments: "" } });
      setting.api.send({
        type: "response.function_call_arguments.delta",
        item_id: item.id,
        call_id: item.call_id,
        delta: "{",
      });
      setting.api.send({ type: "response.function_call_arguments.done", item_id: item.id, arguments: item.arguments });
      setting.api.send({ type: "response.output_item.done", response_id: id, item });
      setting.api.send({ type: "conversation.item.done", item });
    }
    const response = { id, status: "completed", output: items, ...more };
    setting.api.send({ type: "response.done", event_id: "d", response });
    await settle();
  };
  return { ...setting, page, calls, callsWith, settle };
}
