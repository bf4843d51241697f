// The page of the Live API in Chromium, served as its task serves it.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { ROOT } from "../../_tools/repository.ts";
import { openChromium, shared } from "./_chromium.ts";
import { choose, inState, openDemo, startDemo } from "./_demo.ts";

const QUESTION = `${ROOT}/examples/assets/question.wav`;
const demoOfAll = shared(() => startDemo());
const browserOfAll = shared(() => openChromium({ microphone: QUESTION }));

/** State that the page exposes to tests. */
interface Demo {
  readonly talk: {
    readonly outputLevel: number;
    readonly session: {
      readonly usage: { readonly seconds: number };
      readonly inputClock: { readonly filledMs: number; readonly sentMs: number };
      readonly call?: { readonly peer: { readonly connectionState: string } };
    };
  } | undefined;
}

/** Talks over one of the connections, from the first word to the last; returns what was seen and heard. */
async function converse(page: Page, transport: "webrtc" | "relay") {
  await choose(page, "transport", transport);
  await page.click("#start");
  await inState(page, "listening");
  await inState(page, "speaking");
  const peak = await page.evaluate(async () => {
    const { demo } = globalThis as unknown as { demo: Demo };
    let peak = 0;
    // On a busy machine it is audible a while after the session's event.
    for (const endMs = performance.now() + 10_000; peak <= 0.05 && performance.now() < endMs;) {
      peak = Math.max(peak, demo.talk?.outputLevel ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return peak;
  });
  await inState(page, "listening");
  await page.click("#mute");
  await inState(page, "muted");
  assertEquals(await page.getAttribute("#mute", "aria-pressed"), "true");
  const { captions, clock } = await page.evaluate(() => {
    const { demo } = globalThis as unknown as { demo: Demo };
    return {
      captions: [...document.querySelectorAll("#captions .caption")].map((node) => (node as HTMLElement).innerText),
      clock: demo.talk?.session.inputClock,
    };
  });
  await page.click("#start");
  await inState(page, "idle");
  return { captions, clock, peak, ended: await page.textContent("#hint"), state: await page.textContent("#state") };
}

Deno.test("Live sessions over WebRTC through the app and over the relay are heard, captioned and ended", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), browserOfAll()]);
  const talk = async (transport: "webrtc" | "relay") => {
    await using page = await openDemo(browser, `${demo.url}live`);
    const { captions, peak, state, ...rest } = await converse(page, transport);
    assert(peak > 0.05, `${transport}: the model was heard at ${peak}`);
    assertMatch(captions.join("\n"), /You[^]*Model/, transport);
    assertEquals(state, "Session ended", transport);
    return rest;
  };
  const [call, relay] = await Promise.all([talk("webrtc"), talk("relay")]);
  assertEquals(call.clock?.filledMs, 0, "the track keeps the time");
  assertEquals(call.ended, "The server did not confirm how much is billed.");
  const sentMs = relay.clock?.sentMs ?? 0;
  assert(sentMs > 2_000, `${sentMs} ms were sent`);
  assertMatch(relay.ended ?? "", /^\d+\.\d s are billed\.$/);
});
