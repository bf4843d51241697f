// This module is browser compatible.
import { branch, variant, variants } from "../../_schemas/variants.ts";
import { nullishString, openEnum, UnknownKindSchema } from "../../_schemas/inbound.ts";
import { lazy } from "../../_schemas/lazy.ts";
import { atMost, matching, notEmpty, stringUpTo } from "../../_schemas/rules.ts";
import { array, nullable, nullish, record, strictObject, string, unknown } from "../../_schemas/shape.ts";
import { AppendedAudioSchema } from "../../_schemas/client_event.ts";
import { demand, notBlank } from "./demand.ts";
import type * as v from "valibot";
import { decodedLength } from "../../../_internal/decoded_length.ts";
import { isBase64 } from "../../_base64.ts";
import { MAX_EVENT_ID_LENGTH } from "../../limits.ts";
import type { OpenEnum } from "../../open_enum.ts";
import type { LiveBackendItem, LiveBackendMessage } from "../backend_item.ts";
import { MAX_LIVE_APPEND_TOKENS, MAX_LIVE_FIXTURE_BYTES } from "../limits.ts";
import { LiveDecisionItemSchema } from "./decision.ts";
import { LiveForkSessionConfigSchema, LiveSessionConfigSchema, LiveSessionUpdateConfigSchema } from "./session.ts";
import { fewestTokens } from "./tokens.ts";

const eventId = /* @__PURE__ */ stringUpTo(MAX_EVENT_ID_LENGTH);

/** Fields of every client event. */
const event = /* @__PURE__ */ lazy(() => ({ event_id: nullish(eventId) }));

/** Fields of every text for the model. */
const append = /* @__PURE__ */ lazy(() => ({
  ...event,
  content: atMost(
    notBlank,
    MAX_LIVE_APPEND_TOKENS,
    "tokens",
    fewestTokens,
  ),
  delegation_id: nullable(string),
}));

const FixtureSchema = /* @__PURE__ */ lazy(() =>
  demand(
    atMost(string, MAX_LIVE_FIXTURE_BYTES, "bytes", decodedLength),
    "base64 of whole samples of 2 bytes",
    (audio) => isBase64(audio) && decodedLength(audio) % 2 === 0,
  )
);

const BackendItemSchema = /* @__PURE__ */ lazy(() => {
  const base = {
    id: nullishString,
    status: nullish(openEnum<OpenEnum<"in_progress" | "completed" | "incomplete">>()),
  };
  const textOrParts = branch(Array.isArray, array(record(unknown)), string);
  return variant(
    variants(strictObject, {
      function_call_output: {
        ...base,
        call_id: notEmpty(string),
        output: textOrParts,
      },
      message: { ...base, role: openEnum<LiveBackendMessage["role"]>(), content: textOrParts },
    }),
    "type",
    UnknownKindSchema,
  ) as v.GenericSchema<LiveBackendItem>;
});

/** Events that may be sent on every connection. */
const common = /* @__PURE__ */ lazy(() => ({
  "decision.create": { event_id: notEmpty(eventId) },
  "decision.item.create": { ...event, item: LiveDecisionItemSchema },
  "decision.item.delete": { ...event, item_id: string },
  "response.create": event,
  "response.item.create": { ...event, item: BackendItemSchema },
  "session.close": event,
  "session.commentary.append": append,
}));

const alsoCommon = /* @__PURE__ */ lazy(() => ({
  "session.input_audio.mute": event,
  "session.input_audio.unmute": event,
  "session.instructions.append": append,
  "session.output_audio.fixture.play": { ...event, audio: FixtureSchema },
}));

const lastCommon = /* @__PURE__ */ lazy(() => ({
  "session.thinking.append": append,
  "session.update": { ...event, session: LiveSessionUpdateConfigSchema },
}));

const audio = /* @__PURE__ */ lazy(() => ({ "session.input_audio.append": { ...event, audio: AppendedAudioSchema } }));

// In alphabetical order, all of them.
export const LivePrimaryClientEventSchemas = /* @__PURE__ */ lazy(() =>
  variants(strictObject, {
    ...common,
    ...audio,
    ...alsoCommon,
    "session.start": { ...event, session: LiveSessionConfigSchema },
    ...lastCommon,
  })
);

export const LiveForkClientEventSchemas = /* @__PURE__ */ lazy(() =>
  variants(strictObject, {
    ...common,
    ...audio,
    ...alsoCommon,
    "session.start": { ...event, session: LiveForkSessionConfigSchema },
    ...lastCommon,
  })
);

export const LiveSidebandClientEventSchemas = /* @__PURE__ */ lazy(() =>
  variants(strictObject, {
    ...common,
    ...alsoCommon,
    ...lastCommon,
    "transport.dtmf.send": {
      ...event,
      event: matching(/^[0-9A-D*#]$/, "one of 0 to 9, A to D, * and #"),
    },
  })
);
