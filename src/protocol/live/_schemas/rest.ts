// This module is browser compatible.
import { variant, variants } from "../../_schemas/variants.ts";
import { nullishString, openEnum } from "../../_schemas/inbound.ts";
import { lazy } from "../../_schemas/lazy.ts";
import { intBetween, matching } from "../../_schemas/rules.ts";
import { looseObject, nullish, optional, picklist, strictObject, string } from "../../_schemas/shape.ts";
import { notBlank } from "./demand.ts";
import type { OpenEnum } from "../../open_enum.ts";
import { LiveCallSessionConfigSchema, LiveMediaForkConfigSchema, LiveMediaSessionConfigSchema } from "./session.ts";

const transports = /* @__PURE__ */ lazy(() => {
  const phone = matching(/^\+[1-9]\d{1,14}$/, "a number in E.164, e.g. +14155550123");
  return variants(strictObject, {
    webrtc: { sdp: notBlank },
    sip: {
      destination: phone,
      trunk: strictObject({
        provider_url: matching(/^sips:./, "an address that begins with sips:"),
        auth: strictObject({ type: picklist("digest"), username: string, password: string }),
        caller_number: phone,
      }),
    },
  });
});

export const LiveSessionCreateRequestSchema = /* @__PURE__ */ lazy(() =>
  strictObject({ session: LiveMediaSessionConfigSchema, transport: variant(transports) })
);

export const LiveSessionForkRequestSchema = /* @__PURE__ */ lazy(() =>
  strictObject({ transport: transports.webrtc, session: optional(LiveMediaForkConfigSchema) })
);

export const LiveCallAcceptRequestSchema = /* @__PURE__ */ strictObject({ session: LiveCallSessionConfigSchema });

export const LiveCallRejectRequestSchema = /* @__PURE__ */ lazy(() =>
  strictObject({ status_code: intBetween(300, 699) })
);

export const LiveCallReferRequestSchema = /* @__PURE__ */ strictObject({ target_uri: notBlank });

export const LiveSessionCreateResponseSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    session: looseObject({ id: string }),
    transport: nullish(looseObject({ type: openEnum<OpenEnum<"webrtc" | "sip">>(), sdp: nullishString })),
  })
);
