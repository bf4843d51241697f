import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConnectionError, InvalidEventError } from "../../src/errors.ts";
import { attachLive, connectLive, forkLive } from "../../src/live/mod.ts";
import { silence, tone } from "../simulator/_sound.ts";
import { connectRig, eventsOf, joinRig, settled, speak } from "./_live.ts";

Deno.test("attachLive() joins a running session, sends commands, and leaves it running", async () => {
  const rig = await connectRig();
  const observer = await joinRig(rig);
  assertEquals([observer.id, observer.config?.id], [rig.session.id, rig.session.id]);
  const told: string[] = [];
  observer.on("*", ({ type }) => void told.push(type));
  assertEquals((await rig.settle(observer.say("Hello from the side."))).endMs % 200, 0);
  await speak(rig, tone(600));
  await speak(rig, silence(2_000));
  assert(told.includes("session.input_audio.append") && told.includes("session.output_audio.delta"));
  assert(told.includes("turn_delta"));
  await rig.settle(observer.mute());
  assert(rig.server.isMuted && observer.muted && rig.session.muted);
  await rig.settle(observer.unmute());
  assertEquals(rig.sent("session.input_audio.append").length > 0, true);
  const { fromError } = await observer.pipe({ from: [tone(100)] });
  assert(fromError instanceof TypeError && fromError.message.includes("over this connection"), `${fromError}`);
  assertEquals(await rig.settle(observer.close()), { reason: "detached", seconds: 0, confirmed: false });
  assertEquals(eventsOf(rig.told, "closed"), []);
  await rig.settle(rig.session.say("Still here."));
  const second = await joinRig(rig);
  const ended = await rig.settle(second.close({ endSession: true }));
  assertEquals([ended.reason, ended.confirmed], ["close_requested", true]);
  assertEquals((await rig.session.closed).confirmed, true);
  assertEquals(rig.clock.pending, 0);
});

Deno.test("an observer never sends audio or starts a session", async () => {
  const rig = await connectRig({ keeper: false });
  const before = rig.frames.length;
  const observer = await joinRig(rig);
  await rig.clock.advance(10_000);
  const sent = rig.frames.slice(before).filter(({ from }) => from === "client");
  assertEquals(sent, []);
  assertEquals(rig.server.inputMs, 0);
  await rig.settle(observer.close());
});

Deno.test("forkLive() continues a stored session with changes", async () => {
  const rig = await connectRig({ store: true, instructions: "Be brief.", voice: "willow" });
  await rig.clock.advance(1_000);
  const source = rig.session.id;
  const common = { apiKey: "sk-test", dial: rig.simulator.dial, clock: rig.clock };
  const early = rig.settle(assertRejects(() => forkLive(source, common), ConnectionError));
  assertEquals((await early).status, 409);
  await rig.settle(rig.session.close());
  const format = { type: "audio/pcmu", rate: 8_000 } as const;
  const fork = await rig.settle(forkLive(source, { ...common, session: { audio: { format } } }));
  assert(fork.id !== source);
  assertEquals([fork.config?.instructions, fork.config?.audio], ["Be brief.", { output: { voice: "willow" }, format }]);
  await rig.settle(fork.say("Where were we?"));
  await assertRejects(
    () => forkLive(source, { ...common, session: { instructions: "New." } as never }),
    InvalidEventError,
    "session.instructions",
  );
  await rig.settle(fork.close());
  assertEquals(rig.clock.pending, 0);
});

Deno.test("ids that are not Live session ids are rejected before anything is dialled", async () => {
  let dials = 0;
  const dial = () => {
    dials++;
    return Promise.reject(new Error("dialled"));
  };
  for (const id of ["", "rtc_123", "live_", "live_a/../b", `live_${"x".repeat(129)}`, "live_é", undefined]) {
    await assertRejects(() => attachLive(id as string, { apiKey: "k", dial }), TypeError, "must be live_");
    await assertRejects(() => forkLive(id as string, { apiKey: "k", dial }), TypeError, "must be live_");
  }
  await assertRejects(
    () => attachLive("live_1", { apiKey: "k", dial, keeper: true } as never),
    TypeError,
    "no option keeper",
  );
  assertEquals(dials, 0);
});

Deno.test("attaching to an ended session reports that it has ended", async () => {
  const rig = await connectRig();
  await rig.settle(rig.session.close());
  const common = { apiKey: "sk-test", dial: rig.simulator.dial, clock: rig.clock };
  for (const open of [attachLive, forkLive]) {
    const error = await settled(rig.clock, assertRejects(() => open(rig.session.id, common), ConnectionError));
    assertEquals([error.kind, error.status], ["refused", 404]);
  }
});

Deno.test("only a session that starts takes a safety identifier: a fork and an observer would ignore it", async () => {
  const options = { apiKey: "sk", safetyIdentifier: "u" };
  for (const open of [attachLive, forkLive]) {
    await assertRejects(() => open("live_1", options), TypeError, "there is no option safetyIdentifier");
  }
});

Deno.test("Live connections use the URL and headers of the API, Azure or a relay", async () => {
  const asked: [string, string | null, string | null][] = [];
  const dial = ({ headers, url }: { url: URL; headers: Headers }) => {
    asked.push([url.href, headers.get("authorization"), headers.get("api-key")]);
    assertEquals(headers.get("openai-safety-identifier"), null);
    return Promise.reject(new ConnectionError("No", { kind: "unreachable" }));
  };
  const azure = { endpoint: "https://r.openai.azure.com", deployment: "d", apiKey: "az" };
  const refused = (run: () => Promise<unknown>) => assertRejects(run, ConnectionError, "No");
  await refused(() => connectLive({ apiKey: "sk", dial, safetyIdentifier: "u" }));
  await refused(() => connectLive({ azure, dial }));
  await refused(() => connectLive({ url: "wss://app.example.com/live", dial }));
  await refused(() => connectLive({ url: "https://app.example.com/live", apiKey: "token", dial }));
  await refused(() => attachLive("live_1", { apiKey: "sk", baseUrl: "http://localhost:1/v1/", dial }));
  await refused(() => forkLive("live_1", { apiKey: "sk", dial }));
  assertEquals(asked, [
    ["wss://api.openai.com/v1/live/sessions", "Bearer sk", null],
    ["wss://r.openai.azure.com/openai/v1/live/sessions", null, "az"],
    ["wss://app.example.com/live", null, null],
    ["wss://app.example.com/live", "Bearer token", null],
    ["ws://localhost:1/v1/live/sessions/live_1/attach?graceful_close=true", "Bearer sk", null],
    ["wss://api.openai.com/v1/live/sessions/live_1/fork", "Bearer sk", null],
  ]);
});
