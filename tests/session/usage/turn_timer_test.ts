import { assertEquals } from "@std/assert";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { TurnTimer } from "../../../src/session/_parts/turn_timer.ts";
import { collect, type Frame, open, output, responseCreated, responseDone, vadTurn } from "../_fake_server.ts";
import { isLocalEvent, type TurnEvent } from "../../../src/session/session_events.ts";

/** The turns that these events complete; a number advances the clock by that many milliseconds. */
async function turns(...events: readonly (number | { readonly type: string })[]): Promise<TurnEvent[]> {
  const clock = createVirtualClock();
  const timer = new TurnTimer(clock);
  const completed: TurnEvent[] = [];
  for (const event of events) {
    if (typeof event === "number") await clock.advance(event);
    const turn = typeof event === "number" ? undefined : timer.receive({ ...event });
    if (turn) completed.push(turn);
  }
  return completed;
}

const [STARTED, STOPPED, COMMITTED] = vadTurn("resp_1") as { type: string }[];
const audio = (id: string) => output("response.output_audio.delta", id, { delta: "" });

Deno.test("TurnTimer measures from the end of the user's speech", async () => {
  const completed = await turns(
    STARTED!,
    1000,
    STOPPED!,
    10,
    COMMITTED!,
    20,
    responseCreated("resp_1"),
    300,
    audio("resp_1"),
    100,
    audio("resp_1"),
    responseDone("resp_1"),
  );
  const expected = {
    type: "turn",
    responseId: "resp_1",
    responseCreatedMs: 30,
    firstAudioMs: 330,
    doneMs: 430,
  } as const;
  assertEquals(completed, [expected]);
});

Deno.test("TurnTimer measures from a push-to-talk commit, and ignores responses without a turn", async () => {
  const completed = await turns(
    responseCreated("resp_0"),
    responseDone("resp_0"),
    COMMITTED!,
    50,
    responseCreated("resp_1"),
    responseDone("resp_1"),
    responseCreated("resp_2"),
    responseDone("resp_2"),
  );
  const expected = {
    type: "turn",
    responseId: "resp_1",
    responseCreatedMs: 50,
    firstAudioMs: undefined,
    doneMs: 50,
  } as const;
  assertEquals(completed, [expected]);
});

Deno.test("TurnTimer continues through responses that call tools", async () => {
  const completed = await turns(
    COMMITTED!,
    100,
    responseCreated("resp_1"),
    responseDone("resp_1", { output: [{ type: "function_call" }] }),
    400,
    responseCreated("resp_2"),
    { type: "output_audio_buffer.started", response_id: "resp_2" } as { type: string },
    50,
    responseDone("resp_2"),
  );
  const expected = {
    type: "turn",
    responseId: "resp_2",
    responseCreatedMs: 100,
    firstAudioMs: 500,
    doneMs: 550,
  } as const;
  assertEquals(completed, [expected]);
});

Deno.test("TurnTimer ends with a response that speaks before it calls a tool", async () => {
  const calls = { output: [{ type: "function_call", name: "look_up" }] };
  const completed = await turns(
    ...[STOPPED!, COMMITTED!, responseCreated("resp_1"), 100, audio("resp_1"), 200, responseDone("resp_1", calls)],
    ...[responseCreated("resp_2"), 300, audio("resp_2"), responseDone("resp_2")],
  );
  assertEquals(completed.map(({ doneMs, firstAudioMs, responseId }) => [responseId, firstAudioMs, doneMs]), [
    ["resp_1", 100, 300],
  ]);
});

Deno.test("TurnTimer restarts when the user speaks again before the answer is done", async () => {
  const completed = await turns(
    COMMITTED!,
    responseCreated("resp_1"),
    500,
    STOPPED!,
    responseDone("resp_1"),
    COMMITTED!,
    70,
    responseCreated("resp_2"),
    responseDone("resp_2"),
  );
  assertEquals(completed.map(({ responseId, doneMs }) => [responseId, doneMs]), [["resp_2", 70]]);
});

Deno.test("a session reports the duration of a turn once its response is done", async () => {
  const { server, session } = await open();
  const events = collect(session);
  const [started, stopped, committed, created] = vadTurn("resp_1") as [Frame, Frame, Frame, Frame];
  server.emit(started, stopped);
  await server.clock.advance(40);
  server.emit(committed, created);
  await server.clock.advance(300);
  server.emit(audio("resp_1"));
  await server.clock.advance(100);
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals(events.at(-2)?.type, "response.done");
  assertEquals(events.at(-1), {
    type: "turn",
    responseId: "resp_1",
    responseCreatedMs: 40,
    firstAudioMs: 340,
    doneMs: 440,
  });
  assertEquals(events.filter(isLocalEvent).length, 1);
  await session.close();
});

Deno.test("an out-of-band response does not answer a turn, whether or not the server says that it is one", async () => {
  for (const conversation_id of [null, undefined]) {
    const { server, session } = await open();
    const turns = collect(session, "turn");
    server.emit(STOPPED!, COMMITTED!);
    await server.settle();
    session.respond({ conversation: "none" });
    await server.settle();
    const { metadata } = server.last("response.create").response;
    const { response, type } = responseCreated("resp_x", metadata);
    server.emit({ type, response: { ...response, conversation_id } }, audio("resp_x"));
    server.emit(responseCreated("resp_1"), responseDone("resp_x", { conversation_id }), responseDone("resp_1"));
    await server.settle();
    assertEquals(turns.map((turn) => (turn as TurnEvent).responseId), ["resp_1"]);
    await session.close();
  }
});
