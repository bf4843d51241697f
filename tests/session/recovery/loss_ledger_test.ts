import { assertEquals } from "@std/assert";
import { LossLedger } from "../../../src/session/_recovery/loss_ledger.ts";

const withFormat = (type: string) => ({ audio: { output: { format: { type } } } });
const G711 = withFormat("audio/pcmu");
const PCM = withFormat("audio/pcm");

/** A clock that has stopped. */
const at = (ms: number) => ({ now: () => ms });

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
  ledger.receive(speech(7500), G711, at(0));
  ledger.receive(speech(501), G711, at(100));
  assertEquals(heardUntil(ledger, G711), 1100);
});

Deno.test("LossLedger counts the model's audio from the event that it arrives with", () => {
  const ledger = new LossLedger(() => 0, PCM);
  for (const ms of [0, 5000]) {
    ledger.receive({ type: "response.content_part.added" }, PCM, at(ms));
    ledger.receive(speech(48_000), PCM, at(ms));
  }
  assertEquals(heardUntil(ledger, PCM), 6000);
});

Deno.test("LossLedger follows the session to another format", () => {
  const ledger = new LossLedger(() => 0, undefined);
  ledger.receive(speech(48_000), undefined, at(0));
  assertEquals(heardUntil(ledger, undefined), 1000);
  ledger.receive({ type: "session.updated", session: {} }, G711, at(1000));
  ledger.receive(speech(7500), G711, at(1000));
  assertEquals(heardUntil(ledger, G711), 2000);
  ledger.receive({ type: "session.created", session: {} }, PCM, at(2000));
  ledger.receive(speech(48_000), PCM, at(2000));
  assertEquals(heardUntil(ledger, PCM), 3000);
});
