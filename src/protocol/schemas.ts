// This module is browser compatible.
import * as v from "valibot";
import { variant } from "./_schemas/variants.ts";
import { ClientEventSchemas } from "./_schemas/client_event.ts";
import { ItemParamSchema as ItemParamRules } from "./_schemas/item_param.ts";
import { lazy } from "./_schemas/lazy.ts";
import { ServerEventSchemas } from "./_schemas/server_event.ts";
import { brokenRules } from "./_schemas/shape.ts";
import { SessionConfigSchema as SessionConfigRules } from "./_schemas/session_config.ts";
import { ToolSchema as ToolRules } from "./_schemas/tool.ts";
import { TranslationServerEventSchemas } from "./_schemas/translation.ts";
import type { ClientEvent } from "./events/client_event.ts";
import type { ItemParam } from "./conversation/item_param.ts";
import type { ServerEvent } from "./events/server_event.ts";
import type { SessionConfig } from "./session/session_config.ts";
import type { Tool } from "./tools/tool.ts";
import type { TranslationServerEvent } from "./translation/translation_event.ts";

/** A schema that composes with valibot's own, with the messages and the paths of `checkClientEvent`. */
function published<Output>(rules: v.GenericSchema<Output>): v.GenericSchema<unknown, Output> {
  return v.pipe(
    v.unknown(),
    v.rawCheck(({ dataset: { value }, addIssue }) => {
      for (const issue of brokenRules(rules, value)) {
        const path = issue.path.map((key) => ({ type: "unknown", origin: "value", input: value, key, value }));
        addIssue({
          message: issue.message,
          input: issue.value,
          path: path as unknown as [v.IssuePathItem, ...v.IssuePathItem[]],
        });
      }
    }),
  ) as unknown as v.GenericSchema<unknown, Output>;
}

/**
 * Schema of a client event: accepts exactly what `stringifyClientEvent` sends unchanged. For your own valibot schemas,
 * such as that of a message queue or a relay's envelope.
 *
 * @category Schemas
 *
 * @example Check an envelope
 * ```ts
 * import { ClientEventSchema } from "@oai-rt/edge/protocol";
 * import * as v from "valibot";
 * import { assertEquals } from "@std/assert";
 *
 * const EnvelopeSchema = v.object({ session: v.string(), event: ClientEventSchema });
 *
 * const { issues } = v.safeParse(EnvelopeSchema, { session: "s1", event: { type: "response.cancel", id: "resp_1" } });
 * assertEquals(v.getDotPath(issues![0]), "event.id");
 * ```
 */
export const ClientEventSchema: v.GenericSchema<unknown, ClientEvent> = /* @__PURE__ */ lazy(() =>
  published(variant(ClientEventSchemas))
);

/**
 * Schema of a server event as OpenAI's API documents it, down to the last field. Unknown fields, and kinds and words
 * newer than this version, pass; an event of an unknown type, or without a field that the API always sends, does not:
 * `safeParseServerEvent` delivers those too. Use it to find out where another server departs from the API.
 *
 * @category Schemas
 */
export const ServerEventSchema: v.GenericSchema<unknown, ServerEvent> = /* @__PURE__ */ lazy(() =>
  published(variant(ServerEventSchemas))
);

/**
 * Schema of a server event of a translation session, as strict as {@linkcode ServerEventSchema}.
 *
 * @category Schemas
 */
export const TranslationServerEventSchema: v.GenericSchema<unknown, TranslationServerEvent> = /* @__PURE__ */ lazy(() =>
  published(variant(TranslationServerEventSchemas))
);

/**
 * Schema of a session's settings, as `session.update` and the REST calls take them.
 *
 * @category Schemas
 */
export const SessionConfigSchema: v.GenericSchema<unknown, SessionConfig> = /* @__PURE__ */ lazy(() =>
  published(SessionConfigRules)
);

/**
 * Schema of an item for `conversation.item.create`.
 *
 * @category Schemas
 */
export const ItemParamSchema: v.GenericSchema<unknown, ItemParam> = /* @__PURE__ */ lazy(() =>
  published(ItemParamRules)
);

/**
 * Schema of a tool of a session or a response.
 *
 * @category Schemas
 */
export const ToolSchema: v.GenericSchema<unknown, Tool> = /* @__PURE__ */ lazy(() => published(ToolRules));
