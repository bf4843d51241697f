// This module is browser compatible.
import * as v from "valibot";
import { MAX_CLIENT_SECRET_SECONDS, MIN_CLIENT_SECRET_SECONDS } from "../limits.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { TranslationModel } from "../translation_session.ts";
import { choose, kinds } from "./choice.ts";
import { maybeWord, UnknownKindSchema, word } from "./inbound.ts";
import { pure } from "./pure.ts";
import { wholeNumberFrom } from "./rules.ts";
import { EffectiveSessionSchema } from "./session.ts";
import { SessionConfigSchema, SessionConfigSchemas } from "./session_config.ts";
import { closed, count, list, oneOf, open, text } from "./shape.ts";
import { TranslationSessionSchema, translationSettings } from "./translation.ts";

const expires_after = /* @__PURE__ */ pure(() =>
  v.optional(closed({
    anchor: v.optional(oneOf("created_at")),
    seconds: v.optional(wholeNumberFrom(MIN_CLIENT_SECRET_SECONDS, MAX_CLIENT_SECRET_SECONDS)),
  }))
);

export const ClientSecretRequestSchema = /* @__PURE__ */ pure(() =>
  closed({ expires_after, session: v.optional(SessionConfigSchema) })
);

export const TranslationClientSecretRequestSchema = /* @__PURE__ */ pure(() =>
  closed({ expires_after, session: closed({ ...translationSettings, model: word<TranslationModel>() }) })
);

export const CallCreateRequestSchema = /* @__PURE__ */ pure(() =>
  closed({ sdp: text, session: v.optional(SessionConfigSchemas.realtime) })
);

export const CallRejectRequestSchema = /* @__PURE__ */ pure(() =>
  closed({ status_code: v.optional(wholeNumberFrom(100, 699)) })
);

export const CallReferRequestSchema = /* @__PURE__ */ pure(() => closed({ target_uri: text }));

const secret = { value: text, expires_at: count };

export const ClientSecretResponseSchema = /* @__PURE__ */ pure(() =>
  open({ ...secret, session: EffectiveSessionSchema })
);

export const TranslationClientSecretResponseSchema = /* @__PURE__ */ pure(() =>
  open({ ...secret, session: TranslationSessionSchema })
);

export const WebhookEventSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    "realtime.call.incoming": {
      id: text,
      created_at: count,
      data: open({
        call_id: text,
        sip_headers: list(open({ name: text, value: text })),
        sip_media_security: maybeWord<OpenEnum<"rtp" | "srtp">>(),
      }),
      object: maybeWord<OpenEnum<"event">>(),
    },
  })
);

export const WebhookEventSchema = /* @__PURE__ */ choose(WebhookEventSchemas, "type", UnknownKindSchema);
