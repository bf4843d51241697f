import { assert, assertEquals } from "@std/assert";
import type { EdgeLiveCall, EdgeLiveOptions, IncomingCallDecision } from "../../../src/hono/mod.ts";
import type { LiveSession } from "../../../src/live/mod.ts";
import { WEBHOOK_SECRET } from "../_webhook.ts";
import { createLiveEdge, LIVE_POLICY, type LiveEdgeRig } from "./_live_edge.ts";

const SETTINGS = LIVE_POLICY;

/** Rings a telephone that is not answered; resolves with the status of the webhook's answer and the outcome. */
async function ringInVain(rig: LiveEdgeRig): Promise<readonly [number, string]> {
  const answered = Promise.withResolvers<number>();
  const { fetch, ...ring } = ringOf(rig);
  const ringing = rig.simulator.ringLiveCall({
    ...ring,
    fetch: async (...args: Parameters<typeof fetch>) => {
      const response = await fetch(...args);
      answered.resolve(response.status);
      return response;
    },
  });
  const status = await answered.promise;
  return [status, (await rig.settle(ringing, 40_000)).status];
}

/** The settings of a ringing call. */
function ringOf(rig: LiveEdgeRig) {
  return {
    webhookUrl: "http://localhost/webhooks",
    secret: WEBHOOK_SECRET,
    from: "sip:+14155550100@sip.example.com",
    fetch: (async (input: Request) => await rig.app.request(input)) as typeof fetch,
  };
}

function createRig(
  decide: () => IncomingCallDecision<typeof LIVE_POLICY>,
  live: Partial<EdgeLiveOptions> = {},
): LiveEdgeRig {
  const rig: LiveEdgeRig = createLiveEdge({ live: { onIncomingCall: () => decide(), ...live }, now: () => Date.now() });
  return rig;
}

Deno.test("a SIP call of the Live API is accepted with its settings, and passed to the host", async () => {
  const told: { call?: EdgeLiveCall; session?: LiveSession; from?: string | undefined } = {};
  const attached = Promise.withResolvers<void>();
  await using rig = createLiveEdge({
    live: {
      onIncomingCall: (call) => {
        told.from = call.header("from");
        return { action: "accept", session: SETTINGS };
      },
      onCall: async (call) => {
        told.call = call;
        told.session = await call.attach();
        attached.resolve();
      },
    },
  });
  const outcome = await rig.simulator.ringLiveCall(ringOf(rig));
  assert(outcome.status === "accepted");
  await attached.promise;
  assertEquals(told.from, "sip:+14155550100@sip.example.com");
  assertEquals([told.call?.kind, told.call?.callId, told.call?.caller], ["sip", outcome.session.id, undefined]);
  assertEquals(outcome.session.session?.instructions, LIVE_POLICY.instructions);
  await rig.settle(told.session!.pressKey("5"));
  await told.call!.refer("tel:+14155550123");
  await rig.clock.advance(100);
  const [started] = rig.eventsOf("call_started");
  const [ended] = rig.eventsOf("call_ended");
  assertEquals([started?.product, started?.kind, ended?.reason], ["live", "sip", "api"]);
});

Deno.test("a SIP call of the Live API is rejected, or left ringing", async () => {
  await using busy = createRig(() => ({ action: "reject", statusCode: 486 }));
  const rejected = await busy.simulator.ringLiveCall(ringOf(busy));
  assertEquals([rejected.status, "statusCode" in rejected && rejected.statusCode], ["rejected", 486]);
  await using declining = createRig(() => ({ action: "reject" }));
  const declined = await declining.simulator.ringLiveCall(ringOf(declining));
  assertEquals("statusCode" in declined && declined.statusCode, 603);
  await using waiting = createRig(() => ({ action: "ignore" }));
  assertEquals(await ringInVain(waiting), [200, "unanswered"]);
});

Deno.test("SIP calls of each API go to its own function over one route", async () => {
  const asked: string[] = [];
  await using rig = createLiveEdge({
    onIncomingCall: ({ callId }) => {
      asked.push(`realtime ${callId.slice(0, 4)}`);
      return { action: "reject" };
    },
    live: {
      onIncomingCall: ({ callId }) => {
        asked.push(`live ${callId.slice(0, 5)}`);
        return { action: "reject" };
      },
    },
  });
  await rig.simulator.ringLiveCall(ringOf(rig));
  await rig.simulator.ringSipCall(ringOf(rig));
  assertEquals(asked, ["live live_", "realtime rtc_"]);

  // Announced to an app that serves the other API only, a call is left alone.
  await using realtime = createLiveEdge({ onIncomingCall: () => ({ action: "reject" }) });
  assertEquals(await ringInVain(realtime), [200, "unanswered"]);
});

Deno.test("a SIP call that another participant has already accepted is not an error", async () => {
  for (const status of [404, 409]) {
    await using rig = createLiveEdge({
      live: { onIncomingCall: () => ({ action: "accept", session: SETTINGS }) },
      fetch: () => Promise.resolve(Response.json({ error: { message: "Taken." } }, { status })),
    });
    assertEquals(await ringInVain(rig), [200, "unanswered"]);
    assertEquals([rig.errors, rig.eventsOf("call_started")], [[], []]);
  }
});

Deno.test("an unsigned or malformed webhook of the Live API is rejected", async () => {
  await using rig = createRig(() => ({ action: "accept", session: SETTINGS }));
  const forged = await rig.simulator.ringLiveCall({ ...ringOf(rig), secret: "whsec_Zm9yZ2Vk" }).catch(String);
  assert(String(forged).includes("400"));
  assertEquals(rig.eventsOf("webhook_refused").length, 1);
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("a failing onCall ends the accepted SIP call", async () => {
  await using rig = createRig(() => ({ action: "accept", session: SETTINGS }), {
    onCall: () => Promise.reject(new Error("broken")),
  });
  const outcome = await rig.simulator.ringLiveCall(ringOf(rig));
  assert(outcome.status === "accepted");
  await outcome.session.closed;
  assertEquals(rig.simulator.liveSessions, []);
  while (rig.errors.length === 0) await rig.clock.advance(0);
  assertEquals(rig.errors.map((error) => (error as Error).message), ["broken"]);
});
