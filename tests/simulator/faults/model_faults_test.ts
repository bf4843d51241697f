import { assertEquals, assertMatch, assertObjectMatch, assertThrows } from "@std/assert";
import type { Fault } from "../../../src/simulator/faults.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { Client, type Frame, only, typesOf, userText } from "../_client.ts";
import { tone } from "../_sound.ts";

const CREATE = { type: "response.create", response: { output_modalities: ["text"] } };
const STREAMING = { input: { transcription: { model: "gpt-4o-transcribe" }, turn_detection: null } };

async function withFaults(...faults: Fault[]): Promise<Client> {
  return await Client.open({ faults, pace: "fast" });
}

Deno.test("Fault rate_limit: the response fails with the reported message, uses no tokens, and leaves few", async () => {
  const client = await withFaults({ type: "rate_limit" });
  client.send(userText("Hello!"));
  const frames = await client.ask(CREATE, 100);
  const { response } = only(frames, "response.done") as unknown as { response: Frame };
  assertObjectMatch(response, {
    status: "failed",
    status_details: { type: "failed", error: { type: "tokens", code: "rate_limit_exceeded" } },
    usage: { total_tokens: 0, input_tokens: 0, output_tokens: 0 },
  });
  const { error } = response.status_details as { readonly error: { readonly message: string } };
  const words =
    /^Rate limit reached for gpt-realtime in organization \S+ on tokens per min \(TPM\): Limit (\d+), Used (\d+), Requested (\d+)\. Please try again in 7\.853s\./;
  assertMatch(error.message, words);
  const [, limit, used, requested] = words.exec(error.message)!.map(Number);
  assertEquals(Math.round((used! + requested! - limit!) / limit! * 60_000), 7853);
  const { rate_limits } = only(frames, "rate_limits.updated") as unknown as { rate_limits: { remaining: number }[] };
  assertEquals(rate_limits[0]?.remaining, limit! - used!);
  const next = only(await client.ask(CREATE, 1000), "response.done") as unknown as { response: Frame };
  assertEquals(next.response.status, "completed");
});

Deno.test("Fault rate_limit: retryAfterSeconds is in the message, and refuses makes it an error", async () => {
  const client = await withFaults({ type: "rate_limit", refuses: true, retryAfterSeconds: 20 });
  client.send(userText("Hello!"));
  await client.wait(0);
  const { error } = only(await client.ask(CREATE, 100), "error") as unknown as { error: Frame };
  assertEquals([error.type, error.code], ["tokens", "rate_limit_exceeded"]);
  assertMatch(String(error.message), /Please try again in 20s\./);
});

Deno.test("Fault no_credit: every response fails with an error, and the server closes", async () => {
  const simulator = createSimulatorWith([{ type: "no_credit" }]);
  for (let attempt = 0; attempt < 2; attempt++) {
    const client = simulator();
    await client.dial();
    await client.clock.advance(10);
    assertEquals(typesOf(client.take()), ["session.created"]);
    client.send(userText("Hello!"));
    const frames = await client.ask(CREATE, 100);
    assertEquals(typesOf(frames).slice(-3), ["response.created", "response.done", "error"].slice(-3));
    assertObjectMatch(only(frames, "response.done"), {
      response: { status: "failed", status_details: { error: { code: "insufficient_quota" } } },
    });
    assertObjectMatch(only(frames, "error"), { error: { type: "insufficient_quota", code: "insufficient_quota" } });
    assertEquals([client.closed?.code, client.simulator.sessions.length], [1011, 0]);
  }
});

/** Creates clients of one simulator. */
function createSimulatorWith(faults: readonly Fault[]): () => Client {
  const first = new Client({ faults, pace: "fast" });
  return () => new Client({}, first);
}

Deno.test("Fault transcription_stops: deltas stop in the middle of an item, with or without completion", async () => {
  for (const completes of [false, true]) {
    const client = await withFaults({ type: "transcription_stops", afterDeltas: 2, skip: 1, completes });
    await client.ask({ type: "session.update", session: { type: "realtime", audio: STREAMING } });
    const counts: number[][] = [];
    for (let item = 0; item < 3; item++) {
      await client.speak(tone(500));
      const types = (await client.ask({ type: "input_audio_buffer.commit" }, 5000)).map(({ type }) => type);
      counts.push(
        ["delta", "completed"].map((kind) => types.filter((type) => type.endsWith(`transcription.${kind}`)).length),
      );
    }
    assertEquals(counts[1], [2, completes ? 1 : 0]);
    assertEquals([counts[0], counts[0]![1]], [counts[2], 1]);
  }
});

Deno.test("Fault expire: an error precedes the close frame unless it is turned off", async () => {
  for (const announces of [undefined, false]) {
    const client = await Client.connect({ faults: [{ type: "expire", afterMs: 50, announces }] });
    client.take();
    const frames = await client.wait(60);
    assertEquals(
      frames.map(({ type, error }) => [type, error]),
      announces === false ? [] : [["error", {
        type: "invalid_request_error",
        code: "session_expired",
        message: "Your session hit the maximum duration of 60 minutes.",
        param: null,
        event_id: null,
      }]],
    );
    assertEquals(client.closed, {
      code: 1001,
      reason: "Your session hit the maximum duration of 60 minutes.",
    });
  }
});

Deno.test("Fault overtake: errors arrive late, and later answers overtake them", async () => {
  const client = await withFaults({ type: "overtake" });
  const commit = { type: "input_audio_buffer.commit", event_id: "refused" };
  client.send(commit, { type: "input_audio_buffer.clear" });
  assertEquals(typesOf(await client.wait(899)), ["input_audio_buffer.cleared"]);
  assertEquals(typesOf(await client.wait(1)), ["error"]);
});

Deno.test("Fault overtake: late events arrive before the server closes, and are lost when the connection breaks", async () => {
  const client = await withFaults({ type: "overtake" }, { type: "no_credit" });
  client.send(userText("Hello!"), { type: "input_audio_buffer.commit", event_id: "refused" });
  const frames = await client.ask(CREATE, 100);
  assertEquals(typesOf(frames).slice(-2), ["response.done", "error"]);
  const errors = frames.filter(({ type }) => type === "error").map(({ error }) => (error as Frame).code);
  assertEquals(errors, ["input_audio_buffer_commit_empty", "insufficient_quota"]);
  assertEquals(client.closed?.code, 1011);

  const twice = await withFaults({ type: "duplicate", at: "error" }, { type: "overtake" });
  await twice.ask({ type: "input_audio_buffer.commit" });
  twice.simulator.sessions[0]?.close(1000);
  assertEquals((await twice.wait(0)).map(({ type }) => type), ["error", "error"]);

  const broken = await withFaults({ type: "overtake" });
  await broken.ask({ type: "input_audio_buffer.commit" });
  broken.simulator.sessions[0]?.fault({ type: "drop" });
  assertEquals([await broken.wait(2000), broken.closed?.code], [[], 1006]);
});

Deno.test("rate_limits.updated follows 7 of 31 responses, including the first", async () => {
  const client = await Client.open({ pace: "fast" });
  client.send(userText("Hello!"));
  const followed: boolean[] = [];
  for (let index = 0; index < 31; index++) {
    const types = typesOf(await client.ask(CREATE, 1000));
    followed.push(types.includes("rate_limits.updated"));
  }
  assertEquals([followed[0], followed.filter(Boolean).length], [true, 7]);
});

Deno.test("createSimulator() rejects invalid model faults", () => {
  assertThrows(
    () => createSimulator({ faults: [{ type: "transcription_stops", afterDeltas: -1 }] }),
    RangeError,
    "Cannot set the fault transcription_stops as afterDeltas must be >= 0: current value is -1",
  );
  assertThrows(
    () => createSimulator({ faults: [{ type: "rate_limit", retryAfterSeconds: NaN }] }),
    RangeError,
    "retryAfterSeconds must be >= 0: current value is NaN",
  );
});
