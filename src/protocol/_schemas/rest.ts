// This module is browser compatible.
import { MAX_CLIENT_SECRET_SECONDS, MIN_CLIENT_SECRET_SECONDS } from "../limits.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { TranslationModel } from "../translation/translation_session.ts";
import { variant, variants } from "./variants.ts";
import { hintedObject } from "./hinted_object.ts";
import { nullishOpenEnum, openEnum, UnknownKindSchema } from "./inbound.ts";
import { lazy } from "./lazy.ts";
import { intBetween, matching } from "./rules.ts";
import { EffectiveSessionSchema } from "./session.ts";
import { SessionConfigSchema, SessionConfigSchemas } from "./session_config.ts";
import { array, looseObject, number, optional, picklist, string } from "./shape.ts";
import { TranslationSessionSchema, translationSettings } from "./translation.ts";

const expires_after = /* @__PURE__ */ lazy(() =>
  optional(hintedObject({
    anchor: optional(picklist("created_at")),
    seconds: optional(intBetween(MIN_CLIENT_SECRET_SECONDS, MAX_CLIENT_SECRET_SECONDS)),
  }))
);

export const ClientSecretRequestSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({ expires_after, session: optional(SessionConfigSchema) })
);

export const TranslationClientSecretRequestSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({
    expires_after,
    session: hintedObject({ ...translationSettings, model: openEnum<TranslationModel>() }),
  })
);

export const CallCreateRequestSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({
    sdp: matching(/^v=0/, "SDP, which begins with v=0"),
    session: optional(SessionConfigSchemas.realtime),
  })
);

export const CallRejectRequestSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({ status_code: optional(intBetween(100, 699)) })
);

export const CallReferRequestSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({
    target_uri: matching(/^[a-z][a-z\d+.-]*:[\x21-\x7e]+$/i, "a URI such as tel:+14155550123, without white space"),
  })
);

const secret = { value: string, expires_at: number };

export const ClientSecretResponseSchema = /* @__PURE__ */ lazy(() =>
  looseObject({ ...secret, session: EffectiveSessionSchema })
);

export const TranslationClientSecretResponseSchema = /* @__PURE__ */ lazy(() =>
  looseObject({ ...secret, session: TranslationSessionSchema })
);

export const WebhookEventSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    "realtime.call.incoming": {
      id: string,
      created_at: number,
      data: looseObject({
        call_id: string,
        sip_headers: array(looseObject({ name: string, value: string })),
        sip_media_security: nullishOpenEnum<OpenEnum<"rtp" | "srtp">>(),
      }),
      object: nullishOpenEnum<OpenEnum<"event">>(),
    },
  })
);

export const WebhookEventSchema = /* @__PURE__ */ variant(WebhookEventSchemas, "type", UnknownKindSchema);
