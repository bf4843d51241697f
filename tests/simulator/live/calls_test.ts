import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import type { LiveTransportIncomingEvent } from "../../../src/protocol/mod.ts";
import { only, typesOf } from "../_client.ts";
import { LIVE_URL, LiveClient, post } from "./_live_client.ts";

Deno.test("a SIP call rings for the Live API, is answered once, and accepts key presses", async () => {
  const client = await LiveClient.started();
  let webhook: LiveTransportIncomingEvent | undefined;
  const statuses: number[] = [];
  const outcome = await client.simulator.ringLiveCall({
    webhookUrl: "https://app.example.com/webhooks",
    secret: "whsec_c2VjcmV0",
    async fetch(request) {
      webhook = await request.json();
      const path = `/sessions/${webhook!.data.session_id}`;
      const session = { type: "live", model: "gpt-live-1" };
      statuses.push((await post(client, `${path}/accept`, { session })).status);
      statuses.push((await post(client, `${path}/accept`, { session })).status);
      return new Response();
    },
  });
  await client.wait(0);
  assertEquals([webhook?.type, statuses], ["live.transport.incoming", [200, 409]]);
  assert(outcome.status === "accepted");
  const { session } = outcome;
  assertEquals(session.id, webhook?.data.session_id);
  const sideband = await LiveClient.beside(client, `${LIVE_URL}/${session.id}/attach`);
  sideband.take();
  session.pressKey("5");
  assertEquals(only(await sideband.wait(0), "transport.dtmf.received").event, "5");
  assertThrows(() => session.pressKey("x"), RangeError);
  const [sent] = await sideband.ask({ type: "transport.dtmf.send", event: "#", event_id: "k" });
  assertEquals([sent!.type, sent!.client_event_id], ["transport.dtmf.sent", "k"]);
  assertEquals((await post(client, `/sessions/${session.id}/refer`, { target_uri: "tel:+14155550123" })).status, 200);
  assertEquals(only(await sideband.wait(0), "session.closed").reason, "remote_hangup");
  const rejected = await client.simulator.ringLiveCall({
    webhookUrl: "https://app.example.com/webhooks",
    secret: "whsec_c2VjcmV0",
    async fetch(request) {
      const { data } = await request.json();
      await post(client, `/sessions/${data.session_id}/reject`, { status_code: 486 });
      return new Response();
    },
  });
  assert(rejected.status === "rejected" && rejected.statusCode === 486);
});

Deno.test("of several answers to a call at once, the first one counts", async () => {
  const client = await LiveClient.started();
  const accept = { session: { type: "live", model: "gpt-live-1" } };
  let answered: Promise<{ readonly status: number }[]>;
  const statuses = async () => (await answered).map(({ status }) => status);
  const ring = (answers: readonly (readonly [verb: string, body: object])[]) =>
    client.simulator.ringLiveCall({
      webhookUrl: "https://app.example.com/webhooks",
      secret: "whsec_c2VjcmV0",
      async fetch(request) {
        const { data } = await request.json();
        const path = `/sessions/${data.session_id}`;
        answered = Promise.all(answers.map(([verb, body]) => post(client, `${path}/${verb}`, body)));
        return new Response();
      },
    });
  const accepted = await ring([["accept", accept], ["accept", accept], ["reject", { status_code: 486 }]]);
  assertEquals([accepted.status, await statuses()], ["accepted", [200, 409, 409]]);
  assert(accepted.status === "accepted" && client.simulator.liveSessions.includes(accepted.session as never));
  const rejected = await ring([["reject", { status_code: 486 }], ["accept", accept]]);
  assertEquals([rejected.status, await statuses()], ["rejected", [200, 404]]);
  // The session of the socket, and that of the call.
  assertEquals(client.simulator.liveSessions.length, 2);
  // The end of the session that was refused does not remove the other one.
  const refused = { session: { type: "live", model: "gpt-realtime" } };
  const second = await ring([["accept", refused], ["accept", accept]]);
  assertEquals([second.status, await statuses()], ["accepted", [400, 200]]);
  await client.wait(0);
  assert(second.status === "accepted" && client.simulator.liveSessions.includes(second.session as never));
});

Deno.test("an observer of a call may attach before session.started, and receives it", async () => {
  const client = await LiveClient.connect({ live: { latency: "recorded" } });
  const outcome = await client.simulator.ringLiveCall({
    webhookUrl: "https://app.example.com/webhooks",
    secret: "whsec_c2VjcmV0",
    async fetch(request) {
      const { data } = await request.json();
      await post(client, `/sessions/${data.session_id}/accept`, { session: { type: "live", model: "gpt-live-1" } });
      return new Response();
    },
  });
  assert(outcome.status === "accepted");
  const sideband = await LiveClient.beside(client, `${LIVE_URL}/${outcome.session.id}/attach`);
  assertEquals(typesOf(await sideband.wait(1_122)), []);
  assertEquals(typesOf(await sideband.wait(1)), ["session.started"]);
  // A socket on which nothing has been started has no session to join.
  const { id } = client.session;
  await assertRejects(() => LiveClient.beside(client, `${LIVE_URL}/${id}/attach`), ConnectionError, "status 404");
});
