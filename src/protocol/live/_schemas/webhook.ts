// This module is browser compatible.
import { variant, variants } from "../../_schemas/variants.ts";
import { nullishOpenEnum, UnknownKindSchema } from "../../_schemas/inbound.ts";
import { lazy } from "../../_schemas/lazy.ts";
import { array, looseObject, number, string } from "../../_schemas/shape.ts";
import type { OpenEnum } from "../../open_enum.ts";

export const LiveWebhookEventSchemas = /* @__PURE__ */ lazy(() => {
  const event = { id: string, created_at: number, object: nullishOpenEnum<OpenEnum<"event">>() };
  const incoming = {
    ...event,
    data: looseObject({
      session_id: string,
      type: nullishOpenEnum<OpenEnum<"sip">>(),
      sip_headers: array(looseObject({ name: string, value: string })),
      sip_media_security: nullishOpenEnum<OpenEnum<"rtp" | "srtp">>(),
    }),
  };
  return variants(looseObject, {
    "live.call.incoming": incoming,
    "live.transport.connected": {
      ...event,
      data: looseObject({ session_id: string, type: nullishOpenEnum<OpenEnum<"webrtc">>() }),
    },
    "live.transport.incoming": incoming,
  });
});

export const LiveWebhookEventSchema = /* @__PURE__ */ variant(LiveWebhookEventSchemas, "type", UnknownKindSchema);
