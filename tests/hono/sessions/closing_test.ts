import { assertEquals } from "@std/assert";
import type { EdgeEvent, IncomingCallDecision } from "../../../src/hono/mod.ts";
import type { Dial } from "../../../src/transport/mod.ts";
import { answerAsTheApi, createEdge, NOW, OFFER, POLICY, problemOf } from "../_edge.ts";
import { createSimulatedEdge } from "../_simulated_edge.ts";
import { signedWebhook, WEBHOOK_SECRET } from "../_webhook.ts";
import { beginSimulatedCall } from "./_simulated_call.ts";

const SDP = { "content-type": "application/sdp" };

Deno.test("close() waits for an offer whose request has timed out, and its call is hung up", async () => {
  const gate = Promise.withResolvers<void>();
  const reasons: string[] = [];
  const edge = createEdge({
    // A real timeout: long enough for the offer to reach the API on a slow machine.
    timeoutMs: 1_000,
    onEvent: (event: EdgeEvent) => event.type === "call_ended" && reasons.push(event.reason),
  }, async (request) => {
    if (request.call.endsWith("/calls")) await gate.promise;
    return answerAsTheApi(request);
  });
  assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP)), "504 timed_out");
  let isClosed = false;
  const closing = edge.close().then(() => void (isClosed = true));
  for (let turn = 0; turn < 10; turn++) await edge.clock.advance(0);
  assertEquals(isClosed, false);
  gate.resolve();
  await closing;
  assertEquals(edge.requests.map(({ call }) => call), ["POST /realtime/calls", "POST /realtime/calls/rtc_1/hangup"]);
  assertEquals(reasons, ["shutdown"]);
});

Deno.test("a page whose call is ended by close() while onCall runs gets no dead call", async () => {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const edge = createEdge({
    onCall: async () => {
      reached.resolve();
      await gate.promise;
    },
  });
  const asking = edge.post("/calls", OFFER, SDP);
  await reached.promise;
  const closing = edge.close();
  gate.resolve();
  await closing;
  assertEquals(await problemOf(await asking), "503 shutting_down");
  assertEquals(edge.requests.map(({ call }) => call), ["POST /realtime/calls", "POST /realtime/calls/rtc_1/hangup"]);
});

/** An app that is closed while a decision about a telephone call, or its acceptance, is pending. */
async function closeWhileRinging(step: "accept" | "decide") {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const pass = async (here: string) => {
    if (here !== step) return;
    reached.resolve();
    await gate.promise;
  };
  const edge = createEdge({
    webhookSecret: WEBHOOK_SECRET,
    onIncomingCall: async (): Promise<IncomingCallDecision> => {
      await pass("decide");
      return { action: "accept", session: POLICY };
    },
  }, async (request) => {
    if (request.call.endsWith("/accept")) await pass("accept");
    return answerAsTheApi(request);
  });
  const { body, headers } = await signedWebhook({ timestamp: NOW / 1000 });
  const ringing = edge.post("/webhooks", body, headers);
  await reached.promise;
  const closing = edge.close();
  gate.resolve();
  await closing;
  const outcome = await problemOf(await ringing);
  // The host has closed the app: this is no failure.
  assertEquals(edge.errors, []);
  return { calls: edge.requests.map(({ call }) => call), outcome };
}

Deno.test("a telephone call that is decided while the app is being closed is left to another server", async () => {
  assertEquals(await closeWhileRinging("decide"), { calls: [], outcome: "503 shutting_down" });
});

Deno.test("a telephone call that is accepted while the app is being closed is hung up", async () => {
  assertEquals(await closeWhileRinging("accept"), {
    calls: ["POST /realtime/calls/rtc_sip_1/accept", "POST /realtime/calls/rtc_sip_1/hangup"],
    outcome: "503 shutting_down",
  });
});

Deno.test("close() ends the streams and sidebands of calls that another server has started, but not these calls", async () => {
  const run = await beginSimulatedCall();
  let sidebands = 0;
  const dial: Dial = async (request) => {
    const socket = await run.simulator.dial(request);
    sidebands++;
    const close = socket.close.bind(socket);
    return Object.assign(socket, {
      close: (...how: Parameters<typeof close>) => {
        sidebands--;
        close(...how);
      },
    });
  };
  const other = createSimulatedEdge(run.simulator, { clock: run.clock, dial });
  const reader = await run.follow(other);
  assertEquals([reader.hasEnded, sidebands], [false, 1]);
  await other.close();
  await run.clock.advance(100);
  assertEquals([reader.hasEnded, sidebands], [true, 0]);
  // The page may follow the call elsewhere.
  assertEquals(reader.data.filter(({ type }) => type === "call.ended"), []);
  const again = await run.follow();
  assertEquals([again.hasEnded, run.ends], [false, []]);
  await again.cancel();
});
