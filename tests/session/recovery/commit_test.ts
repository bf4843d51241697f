import { assert, assertEquals, assertRejects } from "@std/assert";
import { toBytes } from "../../../src/audio/mod.ts";
import { tone } from "../../simulator/_sound.ts";
import { openWorld } from "./_world.ts";

Deno.test("audio after a commit that a drop cuts off reaches the next connection", async () => {
  const { clock, end, sent, server, session } = await openWorld({ turnDetection: null });
  const audio = (ms: number) => new Uint8Array(48 * ms);
  server().fault({ type: "silence" });
  session.appendAudio(audio(500));
  const commits = [session.commitAudio().catch((error) => error.name)];
  session.appendAudio(audio(500));
  commits.push(session.commitAudio().catch((error) => error.name));
  // It waits behind the second commit, which waits for the first.
  session.appendAudio(audio(700));
  await clock.advance(100);
  const before = sent.length;
  server().close(1011);
  await clock.advance(2000);
  assertEquals(session.state, "open");
  const appended = sent.slice(before).filter(({ type }) => type === "input_audio_buffer.append");
  const ms = appended.reduce((sum, { audio }) => sum + String(audio).length * 0.75 / 48, 0);
  assertEquals(ms, 1700);
  assertEquals(await Promise.all(commits), ["ConnectionError", "ConnectionError"]);
  const committing = session.commitAudio();
  await clock.advance(100);
  assert((await committing).length > 0);
  await end();
});

Deno.test("audio is sent again as it was, although its memory is used for the next piece, on two drops in a row", async () => {
  const { clock, end, sent, server, session } = await openWorld({ turnDetection: null });
  const memory = new Uint8Array(4800);
  const said: string[] = [];
  const speak = (...values: number[]) => {
    for (const value of values) {
      session.appendAudio(memory.fill(value));
      said.push(memory.toBase64());
    }
  };
  const drop = async () => {
    const before = sent.length;
    server().close(1011);
    await clock.advance(2000);
    const again = sent.slice(before).filter(({ type }) => type === "input_audio_buffer.append");
    assertEquals(again.map(({ audio }) => audio), said);
  };
  speak(1, 2, 3);
  session.send({ type: "input_audio_buffer.append", audio: memory.fill(4).toBase64() });
  said.push(memory.toBase64());
  speak(5);
  await drop();
  speak(6, 7);
  const clearing = Promise.all([session.clearAudio(), session.clearAudio()]);
  // It waits behind the second one, which waits for the answer to the first.
  speak(8, 9);
  await clock.advance(100);
  await clearing;
  said.splice(0, 7);
  speak(10);
  await drop();
  await end();
});

Deno.test("commitAudio() that is aborted after it was sent leaves nothing to commit, whatever the reason of the abort", async () => {
  for (const reason of [undefined, new Error("Enough"), "enough"]) {
    const { end, server, session, until } = await openWorld({ turnDetection: null });
    session.appendAudio(toBytes(tone(1000)));
    server().fault({ type: "silence" });
    const controller = new AbortController();
    const committing = session.commitAudio({ signal: controller.signal }).catch((error) => error);
    controller.abort(reason);
    assertEquals(await until(committing), controller.signal.reason);
    // It may have been committed.
    await assertRejects(() => until(session.commitAudio()), RangeError, "current value is 0 ms");
    await end();
  }
});

Deno.test("a commit sent on a dead connection can be repeated on the next one", async () => {
  const { clock, end, events, server, session, until } = await openWorld({ turnDetection: null });
  const append = () => session.appendAudio(toBytes(tone(1000)));
  append();
  server().fault({ type: "silence" });
  await assertRejects(() => until(session.commitAudio()), DOMException, "longer than 10000 ms");
  // It may have been committed.
  await assertRejects(() => until(session.commitAudio()), RangeError);
  await clock.advance(60_000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  const itemId = await until(session.commitAudio());
  assertEquals(server().audioMsOf(itemId), 1000);
  await assertRejects(() => until(session.commitAudio()), RangeError);
  // Committed audio is not sent again.
  server().fault({ type: "drop" });
  await clock.advance(1000);
  await assertRejects(() => until(session.commitAudio()), RangeError);
  await end();
});

Deno.test("a commit sent with send() on a dead connection can be repeated on the next one", async () => {
  const { clock, end, server, session, until } = await openWorld({ turnDetection: null });
  session.appendAudio(toBytes(tone(1000)));
  server().fault({ type: "silence" });
  session.send({ type: "input_audio_buffer.commit" });
  await clock.advance(60_000);
  const itemId = await until(session.commitAudio());
  assertEquals(server().audioMsOf(itemId), 1000);
  session.appendAudio(toBytes(tone(500)));
  session.send({ type: "input_audio_buffer.commit" });
  await clock.advance(1000);
  assertEquals(server().items.length, 2);
  // This commit was answered.
  server().fault({ type: "drop" });
  await clock.advance(1000);
  await assertRejects(() => until(session.commitAudio()), RangeError);
  await end();
});
