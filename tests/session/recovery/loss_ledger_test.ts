import { assertEquals } from "@std/assert";
import { LossLedger } from "../../../src/session/_recovery/loss_ledger.ts";

const withFormat = (type: string) => ({ audio: { output: { format: { type } } } });
const G711 = withFormat("audio/pcmu");
const PCM = withFormat("audio/pcm");

/** A session at this time. */
const hostAt = (ms: number, config: unknown) => ({ clock: { now: () => ms }, config });

/** A piece of the model's audio: a second has 8,000 bytes of G.711, or 48,000 of PCM. */
const speech = (bytes: number) => ({ type: "response.output_audio.delta", delta: btoa("\0".repeat(bytes)) });

/** When the model's audio has been heard, in milliseconds. */
function heardUntil(ledger: LossLedger, config: unknown): number {
  let nowMs = 0;
  while (!ledger.isSilent(config, nowMs)) nowMs += 100;
  return nowMs;
}

Deno.test("LossLedger knows for how long the model is heard, in the format of the session", () => {
  const ledger = new LossLedger(() => 0, G711);
  ledger.receive(speech(7500), hostAt(0, G711));
  ledger.receive(speech(501), hostAt(100, G711));
  assertEquals(heardUntil(ledger, G711), 1100);
});

Deno.test("LossLedger counts the model's audio from the event that it arrives with", () => {
  const ledger = new LossLedger(() => 0, PCM);
  for (const ms of [0, 5000]) {
    ledger.receive({ type: "response.content_part.added" }, hostAt(ms, PCM));
    ledger.receive(speech(48_000), hostAt(ms, PCM));
  }
  assertEquals(heardUntil(ledger, PCM), 6000);
});

Deno.test("LossLedger follows the session to another format", () => {
  const ledger = new LossLedger(() => 0, undefined);
  ledger.receive(speech(48_000), hostAt(0, undefined));
  assertEquals(heardUntil(ledger, undefined), 1000);
  ledger.receive({ type: "session.updated", session: {} }, hostAt(1000, G711));
  ledger.receive(speech(7500), hostAt(1000, G711));
  assertEquals(heardUntil(ledger, G711), 2000);
  ledger.receive({ type: "session.created", session: {} }, hostAt(2000, PCM));
  ledger.receive(speech(48_000), hostAt(2000, PCM));
  assertEquals(heardUntil(ledger, PCM), 3000);
});

Deno.test("LossLedger waits for audio to be heard, until it is cut", () => {
  const cases: readonly [types: readonly string[], heardUntilMs: number][] = [
    [["response.done", "conversation.item.done", "output_audio_buffer.unknown"], 1000],
    [["conversation.item.truncated"], 200],
    [["output_audio_buffer.cleared"], 200],
    [["output_audio_buffer.started", "output_audio_buffer.cleared"], 200],
    [["output_audio_buffer.started", "output_audio_buffer.stopped"], 200],
    [["input_audio_buffer.speech_started", "input_audio_buffer.committed"], 200],
  ];
  for (const [types, heardUntilMs] of cases) {
    const ledger = new LossLedger(() => 0, PCM);
    ledger.receive(speech(48_000), hostAt(0, PCM));
    for (const type of types) ledger.receive({ type }, hostAt(200, PCM));
    assertEquals([types, heardUntil(ledger, PCM)], [types, heardUntilMs]);
  }
});

Deno.test("LossLedger waits for the end of the server's playback, which a lost connection ends", () => {
  const ledger = new LossLedger(() => 0, PCM);
  ledger.receive({ type: "output_audio_buffer.started" }, hostAt(0, PCM));
  ledger.receive({ type: "response.done" }, hostAt(100, PCM));
  assertEquals(ledger.isSilent(PCM, 3_600_000), false);
  ledger.takeResponses();
  assertEquals(ledger.isSilent(PCM, 0), true);
  ledger.receive(speech(48_000), hostAt(0, PCM));
  ledger.takeResponses();
  // The client plays what it has received.
  assertEquals([ledger.isSilent(PCM, 900), ledger.isSilent(PCM, 1000)], [false, true]);
});

Deno.test("LossLedger knows when the latest 10,000 items began, unless they were deleted", () => {
  let wallNow = 0;
  const ledger = new LossLedger(() => wallNow, PCM);
  const receive = (type: string, fields: object) => {
    wallNow++;
    ledger.receive({ type, ...fields }, hostAt(0, PCM));
  };
  receive("input_audio_buffer.speech_started", { item_id: "spoken" });
  receive("input_audio_buffer.committed", { item_id: "spoken" });
  receive("input_audio_buffer.committed", { item_id: "committed" });
  receive("conversation.item.added", { item: { id: "committed" } });
  receive("conversation.item.added", { item: { id: "added" } });
  receive("conversation.item.done", { item: { id: "done" } });
  receive("conversation.item.deleted", { item_id: "added" });
  const timesOf = (...ids: readonly string[]) => ids.map((id) => ledger.timeOf(id));
  assertEquals(timesOf("spoken", "committed", "added", "done"), [1, 3, 7, 7]);
  for (let count = 0; count < 9999; count++) receive("conversation.item.added", { item: { id: `item_${count}` } });
  assertEquals(timesOf("spoken", "committed", "item_0"), [10_006, 3, 8]);
});

Deno.test("LossLedger remembers few responses of a server that never reports their ends", () => {
  const ledger = new LossLedger(() => 0, PCM);
  for (let count = 1; count <= 1000; count++) {
    ledger.receive({ type: "response.created", response: { id: `resp_${count}` } }, hostAt(0, PCM));
  }
  const lost = ledger.takeResponses().map(({ id }) => id);
  assertEquals([lost.length, lost[0], lost.at(-1)], [64, "resp_937", "resp_1000"]);
});

Deno.test("LossLedger reports each response that a connection leaves unfinished, with the time at which it began", () => {
  let wallNow = 0;
  const ledger = new LossLedger(() => wallNow, PCM);
  for (const [type, id] of [["created", "done"], ["created", "open"], ["done", "done"], ["created", undefined]]) {
    wallNow++;
    ledger.receive({ type: `response.${type}`, response: { id } }, hostAt(0, PCM));
  }
  const reason = "the connection ended before it did";
  const lost = { kind: "response", id: "open", atMs: 2, durationMs: undefined, reason };
  assertEquals<unknown>([ledger.takeResponses(), ledger.takeResponses()], [[lost], []]);
});
