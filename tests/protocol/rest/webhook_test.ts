import { assert, assertEquals } from "@std/assert";
import { isRealtimeCallIncomingEvent, safeParseWebhookEvent } from "../../../src/protocol/mod.ts";
import { type Json, ofOtherType, placesOf } from "../_frames.ts";

const body = {
  type: "realtime.call.incoming",
  id: "evt_1",
  object: "event",
  created_at: 1_790_000_000,
  data: {
    call_id: "rtc_1",
    sip_headers: [{ name: "From", value: "sip:+14155550123@example.com" }, { name: "Via", value: "" }],
    sip_media_security: "srtp",
  },
} as unknown as Json;

Deno.test("safeParseWebhookEvent() returns an event unchanged", () => {
  const result = safeParseWebhookEvent(JSON.stringify(body));
  assert(result.ok && isRealtimeCallIncomingEvent(result.event));
  assertEquals<unknown>(result.event, body);
});

Deno.test("safeParseWebhookEvent() names invalid fields", () => {
  for (const { path, value, remove, replace } of placesOf(body)) {
    const wrong = safeParseWebhookEvent(JSON.stringify(replace(ofOtherType(value))));
    assert(!wrong.ok, path);
    assertEquals(wrong.issues[0]?.path, path);
    const without = safeParseWebhookEvent(JSON.stringify(remove()));
    const optional = path === "object" || path === "data.sip_media_security";
    assertEquals(without.ok ? undefined : without.issues[0]?.path, optional ? undefined : path);
  }
});

Deno.test("safeParseWebhookEvent() keeps events of other types", () => {
  const result = safeParseWebhookEvent(`{"type":"live.call.incoming","data":5}`);
  assert(result.ok);
  assert(!isRealtimeCallIncomingEvent(result.event));
  assert(!safeParseWebhookEvent("<xml/>").ok);
});
