import { assert, assertEquals, assertObjectMatch, assertRejects } from "@std/assert";
import { connect } from "../../src/connect.ts";
import { RealtimeApiError } from "../../src/errors.ts";
import { RealtimeRest } from "../../src/rest/realtime_rest.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { OFFER } from "./_api.ts";

/** The REST client, connected to a simulator. */
function restOf(simulator: Simulator, apiKey: string): RealtimeRest {
  const { fetch } = simulator;
  return new RealtimeRest({ apiKey, fetch });
}

Deno.test("The client starts a session with a client secret", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  const { value } = await restOf(simulator, "sk-test").createClientSecret({
    session: { type: "realtime", model: "gpt-realtime", output_modalities: ["text"] },
  });
  await using session = await connect({ apiKey: value, model: "gpt-realtime", dial: simulator.dial });
  assertObjectMatch(session.config ?? {}, { output_modalities: ["text"] });
});

Deno.test("The client makes a call, controls it from a sideband, and hangs up", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  const rest = restOf(simulator, "sk-test");
  const { callId, sdp } = await rest.createCall({ sdp: OFFER, session: { type: "realtime", model: "gpt-realtime" } });
  assert(callId && sdp.startsWith("v=0"));
  await using sideband = await connect({ apiKey: "sk-test", callId, dial: simulator.dial, instructions: "Be brief." });
  assertObjectMatch(simulator.calls[0]?.session.session ?? {}, { instructions: "Be brief." });
  const response = sideband.respond({ output_modalities: ["text"] });
  assertEquals((await response.done).status, "completed");
  await rest.hangUpCall(callId);
  assertEquals((await sideband.closed).code, 1000);
  const error = await assertRejects(() => rest.hangUpCall(callId), RealtimeApiError);
  assertEquals([error.status, error.code], [404, "call_id_not_found"]);
  assert(error.requestId?.startsWith("req_"));
});

Deno.test("The client answers a SIP call, and transfers the caller", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  const rest = restOf(simulator, "sk-test");
  const outcome = await simulator.ringSipCall({
    webhookUrl: "https://app.test/webhooks",
    secret: "whsec_c2VjcmV0",
    async fetch(request) {
      const { data } = await request.json();
      await rest.acceptCall(data.call_id, { type: "realtime", model: "gpt-realtime", instructions: "Be polite." });
      return new Response();
    },
  });
  assert(outcome.status === "accepted");
  assertObjectMatch(outcome.call.session.session, { instructions: "Be polite." });
  await rest.referCall(outcome.call.id, "tel:+14155550123");
  assertEquals(await outcome.call.ended, { reason: "refer", targetUri: "tel:+14155550123" });

  const rejected = await simulator.ringSipCall({
    webhookUrl: "https://app.test/webhooks",
    secret: "whsec_c2VjcmV0",
    async fetch(request) {
      await rest.rejectCall((await request.json()).data.call_id, { statusCode: 486 });
      return new Response();
    },
  });
  assertObjectMatch(rejected, { status: "rejected", statusCode: 486 });
});
