import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import type { SimulatedSipCall } from "../../../../src/simulator/simulated_call.ts";
import type { SipCallOutcome } from "../../../../src/simulator/sip_call.ts";
import { Api } from "../../_api.ts";
import { only, typesOf } from "../../_client.ts";

const SECRET = "whsec_c2VjcmV0";
const SESSION = { type: "realtime", model: "gpt-realtime", instructions: "Answer the telephone." };

/** Lets a telephone ring, until the webhook has been delivered. */
async function ring(api: Api): Promise<{ readonly callId: string; readonly outcome: Promise<SipCallOutcome> }> {
  const delivered = Promise.withResolvers<string>();
  const outcome = api.simulator.ringSipCall({
    webhookUrl: "https://app.test/webhooks",
    secret: SECRET,
    fetch: async (request) => {
      delivered.resolve((await request.json()).data.call_id);
      return new Response(null, { status: 204 });
    },
  });
  return { callId: await delivered.promise, outcome };
}

/** A telephone call that has been accepted. */
async function answered(api: Api): Promise<SimulatedSipCall> {
  const { callId, outcome } = await ring(api);
  await api.post(`/realtime/calls/${callId}/accept`, SESSION);
  const accepted = await outcome;
  assert(accepted.status === "accepted");
  return accepted.call;
}

Deno.test("A ringing call is accepted with its session settings, joined, and hung up", async () => {
  const api = new Api();
  const { callId, outcome } = await ring(api);
  const response = await api.post(`/realtime/calls/${callId}/accept`, SESSION);
  assertEquals([response.status, await response.text()], [200, ""]);
  assertMatch(response.headers.get("x-request-id") ?? "", /^req_/);
  const accepted = await outcome;
  assert(accepted.status === "accepted");
  const { call } = accepted;
  assertEquals([call.id, call.kind, api.simulator.calls], [callId, "sip", [call]]);
  assertObjectMatch(call.session.session, SESSION);

  const sideband = await api.connect(`?call_id=${callId}`);
  assertEquals(sideband.take(), []);
  const frames = await sideband.ask({ type: "session.update", session: { type: "realtime" } });
  assertEquals(typesOf(frames), ["session.updated"]);

  const end = await api.post(`/realtime/calls/${callId}/hangup`);
  assertEquals([end.status, await end.text()], [200, ""]);
  assertEquals(await call.ended, { reason: "hangup" });
  await api.clock.advance(0);
  assertEquals(sideband.closed?.code, 1000);
  assertEquals([api.simulator.calls, api.simulator.sessions, api.clock.pending], [[], [], 0]);
});

Deno.test("A ringing call is rejected, with status 603 by default", async () => {
  const api = new Api();
  for (const [body, statusCode] of [[undefined, 603], [{}, 603], [{ status_code: 486 }, 486]] as const) {
    const { callId, outcome } = await ring(api);
    assertEquals((await api.post(`/realtime/calls/${callId}/reject`, body)).status, 200);
    assertEquals(await outcome, { status: "rejected", callId, statusCode });
    const [status] = await api.refusal(`/realtime/calls/${callId}/accept`, SESSION);
    assertEquals(status, 404);
  }
});

Deno.test("A telephone call is transferred", async () => {
  const api = new Api();
  const call = await answered(api);
  const target_uri = "tel:+14155550123";
  assertEquals((await api.post(`/realtime/calls/${call.id}/refer`, { target_uri })).status, 200);
  assertEquals(await call.ended, { reason: "refer", targetUri: target_uri });
  assertEquals(api.simulator.calls, []);
});

Deno.test("A key press of the caller is reported without an event_id", async () => {
  const api = new Api();
  const call = await answered(api);
  const sideband = await api.connect(`?call_id=${call.id}`);
  call.pressKey("#");
  const event = only(await sideband.wait(0), "input_audio_buffer.dtmf_event_received");
  assertEquals(Object.keys(event), ["type", "event", "received_at"]);
  assertEquals(event.event, "#");
  assert(Math.abs(Number(event.received_at) - Date.now() / 1000) < 60);
});

Deno.test("A call in the wrong state, or that does not exist, cannot be controlled", async () => {
  const api = new Api();
  const webrtc = await api.call();
  const missing = [404, "call_id_not_found", null];
  const { callId: ringing, outcome } = await ring(api);
  const path = "/realtime/calls";
  const cases = [
    [`${path}/rtc_none/accept`, SESSION, missing],
    [`${path}/rtc_none/reject`, {}, missing],
    [`${path}/rtc_none/refer`, { target_uri: "tel:+1" }, missing],
    [`${path}/rtc_none/hangup`, undefined, missing],
    // It has no session yet.
    [`${path}/${ringing}/hangup`, undefined, missing],
    [`${path}/${webrtc.id}/accept`, SESSION, [400, "call_already_answered", null]],
    [`${path}/${webrtc.id}/reject`, {}, [400, "call_already_answered", null]],
    [`${path}/${webrtc.id}/refer`, { target_uri: "tel:+1" }, [400, "invalid_call_type", null]],
    [`${path}/${webrtc.id}/refer`, { target_uri: "https://example.com" }, [400, "invalid_value", "target_uri"]],
    [`${path}/${webrtc.id}/refer`, {}, [400, "missing_required_parameter", "target_uri"]],
    [`${path}/${ringing}/accept`, {}, [400, "missing_required_parameter", "type"]],
    [`${path}/${ringing}/accept`, { type: "transcription" }, [400, "invalid_value", "type"]],
    [`${path}/${ringing}/accept`, { ...SESSION, model: "gpt-nope" }, [400, "invalid_model", "model"]],
    [`${path}/${ringing}/reject`, { status_code: 99 }, [400, "integer_below_min_value", "status_code"]],
  ] as const;
  for (const [path, body, expected] of cases) {
    const [status, { code, param }] = await api.refusal(path, body);
    assertEquals([status, code, param], expected, path);
  }
  assertEquals(api.simulator.calls, [webrtc]);
  // A refused accept leaves the telephone ringing.
  assertEquals((await api.post(`${path}/${ringing}/accept`, SESSION)).status, 200);
  assertEquals((await outcome).status, "accepted");
});

Deno.test("A WebRTC call is hung up, and its session ends", async () => {
  const api = new Api();
  const call = await api.call();
  assertEquals((await api.post(`/realtime/calls/${call.id}/hangup`)).status, 200);
  assertEquals(await call.ended, { reason: "hangup" });
  assertEquals((await api.refusal(`/realtime/calls/${call.id}/hangup`))[0], 404);
  assertEquals(api.clock.pending, 0);
});
