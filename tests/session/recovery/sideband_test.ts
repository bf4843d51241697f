import { assert, assertEquals } from "@std/assert";
import { connect } from "../../../src/connect.ts";
import { RealtimeRest } from "../../../src/rest/realtime_rest.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { OFFER } from "../../simulator/_api.ts";

Deno.test("a sideband attaches to its call again, and changes nothing there", async () => {
  const clock = createVirtualClock();
  const sent: string[] = [];
  const simulator = createSimulator({
    clock,
    pace: "fast",
    onFrame: ({ from, data }) => void (from === "client" && sent.push(JSON.parse(String(data)).type)),
  });
  const { callId } = await new RealtimeRest({ apiKey: "sk-test", fetch: simulator.fetch }).createCall({
    sdp: OFFER,
    session: { type: "realtime", model: "gpt-realtime" },
  });
  let dials = 0;
  const connecting = connect({
    apiKey: "sk-test",
    callId,
    clock,
    dial: (request) => {
      dials++;
      return simulator.dial(request);
    },
  });
  await clock.advance(100);
  const session = await connecting;
  const types: string[] = [];
  session.on("*", ({ type }) => void types.push(type));
  const before = sent.length;
  simulator.calls[0]!.session.fault({ type: "drop" });
  await clock.advance(1000);
  assertEquals([session.state, dials, sent.length], ["open", 2, before]);
  assert(types.includes("recovered"));
  const response = session.respond({ outputModalities: ["text"] });
  await clock.advance(5000);
  assertEquals((await response.done).status, "completed");
  const closing = session.close();
  await clock.advance(10_000);
  await closing;
});
