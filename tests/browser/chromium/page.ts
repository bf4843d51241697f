// The demo pages in Chromium, served as their task serves them.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { choose, DESKTOP, inState, openDemo, shoot } from "./_demo.ts";
import { askingBrowser, demoOfAll } from "./_shared.ts";

/** State that the page exposes to tests. */
interface Demo {
  readonly timeline: Readonly<
    Record<string, readonly { readonly start: number; readonly end?: number; readonly label: string }[]>
  >;
  readonly startedAt: number;
  readonly talk: {
    readonly session: { on(type: string, listener: (event: never) => void): void };
  } | undefined;
}

Deno.test("A conversation over WebRTC is shown in full: states, captions, tool, timeline and figures", async () => {
  const demo = await demoOfAll();
  await using page = await openDemo(await askingBrowser(), demo.url, DESKTOP);
  await shoot(page, "idle");
  const states: string[] = [];
  await page.exposeFunction("noteState", (state: string) => void states.push(state));
  await page.evaluate(() => {
    const { noteState } = globalThis as unknown as { noteState(state: string): void };
    new MutationObserver(() => noteState(document.getElementById("state")?.textContent ?? ""))
      .observe(document.getElementById("state")!, { childList: true });
  });
  await page.click("#start");
  // The session's events from the first one, to compare with the timeline.
  await page.evaluate(async () => {
    const { demo } = globalThis as unknown as { demo: Demo };
    const seen: { type: string; at: number }[] = [];
    Object.assign(globalThis, { seen });
    while (!demo.talk) await new Promise((resolve) => setTimeout(resolve, 5));
    demo.talk.session.on(
      "*",
      (event: { type: string }) => seen.push({ type: event.type, at: performance.now() - demo.startedAt }),
    );
  });
  await inState(page, "hearing");
  await shoot(page, "hearing");
  await inState(page, "speaking");
  await shoot(page, "speaking");
  await inState(page, "listening");
  await page.fill("#words", "How is the weather in Paris?");
  await page.keyboard.press("Enter");
  await inState(page, "calling");
  await shoot(page, "calling");
  await inState(page, "speaking");
  await page.waitForTimeout(1200);
  await page.keyboard.press("Escape");
  await inState(page, "listening");
  await page.keyboard.press("Tab");
  await page.focus("#mute");
  // On a French keyboard.
  await page.evaluate(() => {
    const press = (init: KeyboardEventInit) =>
      document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, ...init }));
    press({ code: "Semicolon", key: "m" });
    press({ code: "KeyM", key: "," });
  });
  await inState(page, "muted");
  assertEquals(await page.getAttribute("#mute", "aria-pressed"), "true");
  assertEquals(await page.innerText("#hint"), "Unmute to be heard.");
  await shoot(page, "muted");
  const { captions, lanes, seen } = await page.evaluate(() => {
    const { demo, seen } = globalThis as unknown as { demo: Demo; seen: { type: string; at: number }[] };
    const captions = [...document.querySelectorAll("#captions li")].map((node) => (node as HTMLElement).innerText);
    return { captions, lanes: demo.timeline, seen };
  });
  const at = (type: string) => seen.filter((event) => event.type === type).map(({ at }) => at);
  const close = (a: number | undefined, b: number | undefined) =>
    assert(a !== undefined && b !== undefined && Math.abs(a - b) < 150, `${a} and ${b} should be the same moment`);
  // Every lane matches the events and their times.
  const [speech] = lanes.user!;
  const log = JSON.stringify({ lanes, seen: seen.filter(({ type }) => !type.endsWith(".delta")) });
  close(speech?.end, at("input_audio_buffer.speech_stopped")[0]);
  assertEquals(lanes.user!.length, 1, log);
  assertEquals(lanes.heard!.length, at("output_audio_buffer.started").length, log);
  close(lanes.heard![0]?.start, at("output_audio_buffer.started")[0]);
  close(lanes.heard![0]?.end, at("output_audio_buffer.stopped")[0]);
  close(lanes.heard!.at(-1)?.end, at("output_audio_buffer.cleared")[0]);
  assertEquals(lanes.tools!.length, 1, log);
  close(lanes.tools![0]?.start, at("tool_call_started")[0]);
  close(lanes.tools![0]?.end, at("tool_call_done")[0]);
  assertEquals(lanes.cuts!.length, at("conversation.item.truncated").length, log);
  assertEquals(lanes.cuts!.length, 1, log);
  assertEquals(lanes.generated!.length, 2, log);
  assertEquals(await page.locator("#timeline [data-lane=heard] rect").count(), lanes.heard!.length);

  assertMatch(captions[0]!, /^You\s+Some speech/);
  assertMatch(captions[1]!, /^Model\s+Some speech/);
  assertMatch(captions[2]!, /^You\s+How is the weather in Paris\?/);
  assertMatch(captions[3]!, /^Tool get_weather\s+\{"city":"Paris"\}/);
  assertMatch(captions[4]!, /^Result\s+\{"city":"Paris","celsius":21/);
  // The words after the cut are marked, wherever it was.
  assertMatch(captions[5]!, /^Model\s[^]*\[not heard:[^]*interrupted/);
  assertMatch(captions[5]!.replace(/\n\[not heard:\n/, ""), /get_weather answered/);
  await page.waitForFunction(() => /ms/.test(document.getElementById("figures")?.innerText ?? ""));
  assertMatch(await page.innerText("#figures"), /First sound\s+\d+ ms[^]*Cost\s+\$0\.\d+[^]*Round trip\s+\d+ ms/);
  await page.click("#start");
  await inState(page, "ended");
  await shoot(page, "ended");
  assertEquals(await page.isVisible("#failure"), false);
  assertEquals(states.slice(0, 2), ["Asking for the microphone…", "Connecting…"]);
  for (
    const state of ["Listening", "Hearing you", "Thinking…", "Speaking", "Calling get_weather…", "Muted", "Call ended"]
  ) {
    assert(states.includes(state), `${state} is missing in ${states}`);
  }
});

Deno.test("In a server-controlled call, the page shows the app's events and who is in control", async () => {
  const demo = await demoOfAll();
  await using page = await openDemo(await askingBrowser(), demo.url, DESKTOP);
  await choose(page, "transport", "call");
  await page.click("#start");
  // A second click hangs up; it must not start a second call.
  await inState(page, "hearing");
  await inState(page, "speaking");
  await shoot(page, "call-speaking");
  assertEquals(await page.innerText("#controller"), "Server in control");
  assertEquals(await page.isDisabled("#words"), true);
  assertEquals(await page.isDisabled("#interrupt"), true);
  await inState(page, "listening");
  assertMatch(await page.innerText("#captions"), /^You\s+Some speech[^]*Model\s+Some speech/);
  assertMatch(await page.innerText("#events"), /input_audio_buffer\.speech_started[^]*response\.done/);
  await page.click("#start");
  await inState(page, "ended");
});

/** State that the page of a Live session exposes to tests. */
interface LiveDemo {
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
    const { demo } = globalThis as unknown as { demo: LiveDemo };
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
  assertEquals(await page.locator("#captions .empty").count(), 0);
  const { captions, clock } = await page.evaluate(() => {
    const { demo } = globalThis as unknown as { demo: LiveDemo };
    return {
      captions: [...document.querySelectorAll("#captions .caption")].map((node) => (node as HTMLElement).innerText),
      clock: demo.talk?.session.inputClock,
    };
  });
  await page.click("#start");
  await inState(page, "idle");
  return { captions, clock, peak, ended: await page.textContent("#hint"), state: await page.textContent("#state") };
}

Deno.test("A Live session says that its microphone was unplugged", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), askingBrowser()]);
  for (const transport of ["webrtc", "relay"]) {
    await using page = await openDemo(browser, `${demo.url}live`);
    await choose(page, "transport", transport);
    await page.evaluate(() => {
      const devices = navigator.mediaDevices;
      const getUserMedia = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (constraints) => {
        const stream = await getUserMedia(constraints);
        devices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
        Object.assign(globalThis, { unplug: () => stream.getTracks()[0]!.dispatchEvent(new Event("ended")) });
        return stream;
      };
    });
    await page.click("#start");
    await inState(page, "listening");
    await page.evaluate(() => void (globalThis as unknown as { unplug(): boolean }).unplug());
    await page.waitForSelector("#failure:visible");
    assertMatch(await page.innerText("#failure-text"), /unplugged/);
    await page.click("#start");
    await inState(page, "idle");
    assertEquals(await page.isVisible("#failure"), false);
  }
});

Deno.test("Live sessions over WebRTC through the app and over the relay are heard, captioned and ended", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), askingBrowser()]);
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
