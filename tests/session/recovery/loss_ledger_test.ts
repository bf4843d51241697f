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
