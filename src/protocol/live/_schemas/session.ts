// This module is browser compatible.
import { branch, variant, variants } from "../../_schemas/variants.ts";
import { nullishString } from "../../_schemas/inbound.ts";
import { lazy } from "../../_schemas/lazy.ts";
import { atMost, matching, optionalBoolean } from "../../_schemas/rules.ts";
import { array, nullish, optional, picklist, strictObject, string } from "../../_schemas/shape.ts";
import { demand, notBlank } from "./demand.ts";
import type * as v from "valibot";
import type { LiveAudioFormat } from "../audio_format.ts";
import {
  MAX_LIVE_ALLOWED_EVENTS,
  MAX_LIVE_INPUT_ITEMS,
  MAX_LIVE_INPUT_TOKENS,
  MAX_LIVE_INSTRUCTIONS_TOKENS,
} from "../limits.ts";
import type { LiveModel } from "../session_config.ts";
import type { LiveVoiceName } from "../voice.ts";
import { LiveDecisionTriggersSchema } from "./decision.ts";
import { LiveDelegationSchema, LiveDelegationUpdateSchema, LiveResponsesDelegationUpdateSchema } from "./delegation.ts";
import { fewestTokens } from "./tokens.ts";

const FormatSchema = /* @__PURE__ */ lazy(() => {
  const g711 = { rate: picklist(8_000) };
  return variant(variants(strictObject, {
    "audio/pcm": { rate: picklist(16_000, 24_000) },
    "audio/pcmu": g711,
    "audio/pcma": g711,
  })) as v.GenericSchema<LiveAudioFormat>;
});

/** A non-empty text of limited length. */
function textFrom1To(max: number): v.StringSchema<undefined> {
  return matching(new RegExp(`^[^]{1,${max}}$`), `1 to ${max} characters`);
}

const VoiceSchema = /* @__PURE__ */ lazy(() =>
  branch(
    (voice) => typeof voice === "string",
    textFrom1To(128) as unknown as v.GenericSchema<LiveVoiceName>,
    strictObject({ id: textFrom1To(128) }),
  )
);

const ItemsSchema = /* @__PURE__ */ lazy(() => {
  const base = {
    type: optional(picklist("message")),
    id: nullishString,
    status: nullish(picklist("completed", "incomplete")),
  };
  const one = <Part extends v.GenericSchema>(part: Part) =>
    demand(array(part), "a list of exactly one part", ({ length }) => length === 1);
  const given = { ...base, content: one(strictObject({ type: optional(picklist("input_text")), text: string })) };
  const items = array(variant(
    variants(strictObject, {
      user: given,
      developer: given,
      assistant: {
        ...base,
        content: one(strictObject({ type: optional(picklist("text", "output_text")), text: string })),
      },
    }, "role"),
    "role",
  ));
  return atMost(
    atMost(items, MAX_LIVE_INPUT_ITEMS, "messages", ({ length }) => length),
    MAX_LIVE_INPUT_TOKENS,
    "tokens",
    (input) => input.reduce((sum, { content }) => sum + fewestTokens(content[0]?.text ?? ""), 0),
  );
});

const ClientSchema = /* @__PURE__ */ lazy(() => {
  const upTo256 = <Entry extends v.GenericSchema>(entry: Entry) =>
    atMost(array(entry), MAX_LIVE_ALLOWED_EVENTS, "entries", ({ length }) => length);
  const selector = demand(
    strictObject({ type: textFrom1To(256), response_event: optional(textFrom1To(256)) }),
    "an event with response_event exactly when its type is response.event",
    ({ type, response_event }) => (type === "response.event") === (response_event !== undefined),
  );
  const allOr = <Entry extends v.GenericSchema>(entry: Entry) =>
    optional(branch(Array.isArray, upTo256(entry), picklist("all")));
  return strictObject({
    data_channel: strictObject({
      allowed_client_events: allOr(textFrom1To(256)),
      allowed_server_events: allOr(selector),
    }),
  });
});

const output = /* @__PURE__ */ lazy(() => ({ output: optional(strictObject({ voice: optional(VoiceSchema) })) }));

const settings = /* @__PURE__ */ lazy(() => ({
  model: notBlank as unknown as v.GenericSchema<LiveModel>,
  instructions: nullish(atMost(string, MAX_LIVE_INSTRUCTIONS_TOKENS, "tokens", fewestTokens)),
  input: optional(ItemsSchema),
  delegation: nullish(LiveDelegationSchema),
  triggers: optional(LiveDecisionTriggersSchema),
  store: optionalBoolean,
  safety_identifier: nullishString,
}));

const format = /* @__PURE__ */ lazy(() => ({ format: optional(FormatSchema) }));
const client = /* @__PURE__ */ lazy(() => ({ client: optional(ClientSchema) }));

export const LiveSessionConfigSchema = /* @__PURE__ */ lazy(() =>
  strictObject({ ...settings, ...client, audio: optional(strictObject({ ...format, ...output })) })
);

export const LiveMediaSessionConfigSchema = /* @__PURE__ */ lazy(() =>
  strictObject({ ...settings, ...client, audio: optional(strictObject(output)) })
);

export const LiveCallSessionConfigSchema = /* @__PURE__ */ lazy(() =>
  strictObject({ ...settings, type: picklist("live"), audio: optional(strictObject(output)) })
);

export const LiveSessionUpdateConfigSchema = /* @__PURE__ */ lazy(() =>
  strictObject({ delegation: nullish(LiveDelegationUpdateSchema), triggers: optional(LiveDecisionTriggersSchema) })
);

const forkSettings = /* @__PURE__ */ lazy(() => ({
  ...client,
  delegation: optional(LiveResponsesDelegationUpdateSchema),
  store: optionalBoolean,
}));

export const LiveMediaForkConfigSchema = /* @__PURE__ */ strictObject(forkSettings);

export const LiveForkSessionConfigSchema = /* @__PURE__ */ lazy(() =>
  strictObject({ ...forkSettings, audio: optional(strictObject(format)) })
);
