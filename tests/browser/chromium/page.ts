// The demo page in Chromium, served as its task serves it.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { ROOT } from "../../_tools/repository.ts";
import { openChromium } from "./_chromium.ts";
import { choose, inState, openDemo, startDemo } from "./_demo.ts";

/** Where screenshots go: CI keeps them, and somebody looks at them. */
const SHOTS = Deno.env.get("SCREENSHOTS") ?? `${ROOT}/coverage/screenshots`;
const QUESTION = `${ROOT}/examples/assets/question.wav`;

/** What the page shows of itself for tests. */
interface Demo {
  readonly timeline: Readonly<
    Record<string, readonly { readonly start: number; readonly end?: number; readonly label: string }[]>
  >;
  readonly startedAt: number;
  readonly talk: {
    readonly session: { on(type: string, listener: (event: never) => void): void };
  } | undefined;
}

await Deno.mkdir(SHOTS, { recursive: true });

/** Nothing may stick out at the side. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert(content! <= window!, `${name}: ${content} px of content in a window of ${window} px`);
}

Deno.test("A conversation over WebRTC is shown as it is: states, captions, tool, timeline and figures", async () => {
  await using demo = await startDemo();
  await using browser = await openChromium({ microphone: QUESTION });
  const page = await openDemo(browser, demo.url);
  await shoot(page, "idle");
  const states: string[] = [];
  await page.exposeFunction("noteState", (state: string) => void states.push(state));
  await page.evaluate(() => {
    const { noteState } = globalThis as unknown as { noteState(state: string): void };
    new MutationObserver(() => noteState(document.getElementById("state")?.textContent ?? ""))
      .observe(document.getElementById("state")!, { childList: true });
  });
  await page.click("#start");
  await inState(page, "listening", "hearing");
  // What the session's events say happened, to hold the timeline against.
  await page.evaluate(() => {
    const { demo } = globalThis as unknown as { demo: Demo };
    const seen: { type: string; at: number }[] = [];
    demo.talk?.session.on(
      "*",
      (event: { type: string }) => seen.push({ type: event.type, at: performance.now() - demo.startedAt }),
    );
    Object.assign(globalThis, { seen });
  });
  await inState(page, "hearing");
  await shoot(page, "hearing");
  await inState(page, "speaking");
  await shoot(page, "speaking");
  await inState(page, "listening");
  await page.fill("#words", "How is the weather in Paris?");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("state")?.textContent === "Calling get_weather…");
  await shoot(page, "calling");
  await inState(page, "speaking");
  await page.waitForTimeout(1200);
  await page.keyboard.press("Escape");
  await inState(page, "listening");
  await page.keyboard.press("Tab");
  await page.focus("#mute");
  await page.keyboard.press("m");
  await inState(page, "muted");
  assertEquals(await page.getAttribute("#mute", "aria-pressed"), "true");
  await shoot(page, "muted");
  const { captions, lanes, seen } = await page.evaluate(() => {
    const { demo, seen } = globalThis as unknown as { demo: Demo; seen: { type: string; at: number }[] };
    const captions = [...document.querySelectorAll("#captions li")].map((node) => (node as HTMLElement).innerText);
    return { captions, lanes: demo.timeline, seen };
  });
  const at = (type: string) => seen.filter((event) => event.type === type).map(({ at }) => at);
  const close = (a: number | undefined, b: number | undefined) =>
    assert(a !== undefined && b !== undefined && Math.abs(a - b) < 150, `${a} and ${b} should be the same moment`);
  // Every lane has what the events say, when they say it.
  const [speech] = lanes.user!;
  close(speech?.end, at("input_audio_buffer.speech_stopped")[0]);
  assertEquals(lanes.user!.length, 1);
  assertEquals(lanes.heard!.length, at("output_audio_buffer.started").length);
  close(lanes.heard![0]?.start, at("output_audio_buffer.started")[0]);
  close(lanes.heard![0]?.end, at("output_audio_buffer.stopped")[0]);
  close(lanes.heard!.at(-1)?.end, at("output_audio_buffer.cleared")[0]);
  assertEquals(lanes.tools!.length, 1);
  close(lanes.tools![0]?.start, at("tool_call_started")[0]);
  close(lanes.tools![0]?.end, at("tool_call_done")[0]);
  assertEquals(lanes.cuts!.length, at("conversation.item.truncated").length);
  assertEquals(lanes.cuts!.length, 1);
  assertEquals(lanes.generated!.length, 2);
  assertEquals(await page.locator("#timeline [data-lane=heard] rect").count(), lanes.heard!.length);

  assertMatch(captions[0]!, /^You\s+Some speech/);
  assertMatch(captions[1]!, /^Model\s+Some speech/);
  assertMatch(captions[2]!, /^You\s+How is the weather in Paris\?/);
  assertMatch(captions[3]!, /^Tool get_weather\s+\{"city":"Paris"\}/);
  assertMatch(captions[4]!, /^Result\s+\{"city":"Paris","celsius":21/);
  assertMatch(captions[5]!, /^Model\s+get_weather answered[^]*interrupted/);
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

Deno.test("The page talks through the relay and over a WebSocket, and shows what was heard of what was said", async () => {
  await using demo = await startDemo();
  await using browser = await openChromium();
  for (
    const [kind, options] of [["relay", { colorScheme: "dark" }], ["websocket", {
      viewport: { width: 360, height: 740 },
    }]] as const
  ) {
    const page = await openDemo(browser, demo.url, options);
    await choose(page, "transport", kind);
    await choose(page, "mode", "push-to-talk");
    await page.click("#start");
    await inState(page, "listening");
    await page.fill("#words", "Tell me a long story.");
    await page.keyboard.press("Enter");
    await inState(page, "speaking");
    await page.waitForTimeout(1500);
    await page.keyboard.press("Escape");
    await inState(page, "listening");
    await page.waitForFunction(() => document.querySelector("#captions .cut s") !== null);
    const [heard, lost] = await page.evaluate(() => {
      const words = document.querySelector("#captions .cut p")!;
      return [words.firstChild?.textContent ?? "", words.querySelector("s")?.textContent ?? ""];
    });
    assert(heard!.length > 5 && lost!.length > 5, `heard ${heard}, lost ${lost}`);
    // A turn by the keyboard: the fake microphone beeps into it.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.down("Space");
    assertEquals(await page.getAttribute("#talk", "aria-pressed"), "true");
    await page.waitForTimeout(1500);
    await shoot(page, `${kind}-talking`);
    await page.keyboard.up("Space");
    await inState(page, "speaking");
    await shoot(page, `${kind}-speaking`);
    await page.click("#start");
    await inState(page, "ended");
    await page.context().close();
  }
});

Deno.test("In a call that the server controls the page sees what the app shows, and says who is in control", async () => {
  await using demo = await startDemo();
  await using browser = await openChromium({ microphone: QUESTION });
  const page = await openDemo(browser, demo.url);
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

Deno.test("Every failure has its own sentence and one action, and nothing is dialled without a microphone", async () => {
  await using demo = await startDemo();
  await using browser = await openChromium();
  const failing = async (name: string, prepare: (page: Page) => Promise<unknown>, sentence: RegExp, action: string) => {
    const page = await openDemo(browser, demo.url, { viewport: { width: 900, height: 700 } });
    const dialled: string[] = [];
    page.on("request", (request) => void (request.method() === "POST" && dialled.push(request.url())));
    await prepare(page);
    await page.click("#start");
    await inState(page, "failed");
    assertMatch(await page.innerText("#failure-text"), sentence, name);
    assertEquals(await page.innerText("#failure-action"), action, name);
    assertEquals(await page.innerText("#state"), "That did not work");
    await shoot(page, `failed-${name}`);
    await page.context().close();
    return dialled.length;
  };
  const microphone = (error: string) => (page: Page) =>
    page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
    }, error);
  const answering = (status: number, body: string) => (page: Page) =>
    page.route("**/realtime/calls", (route) => route.fulfill({ status, body, contentType: "text/html" }));
  const dialled = await Promise.all([
    failing("not-allowed", microphone("NotAllowedError"), /blocked/, "Ask again"),
    failing("not-found", microphone("NotFoundError"), /no such microphone/, "Choose another"),
    failing("in-use", microphone("NotReadableError"), /Another program/, "Try again"),
    failing(
      "unsupported",
      (page) =>
        page.evaluate(() => {
          Object.defineProperty(navigator, "mediaDevices", { value: undefined });
        }),
      /does not let it use a microphone/,
      "Reload",
    ),
  ]);
  assertEquals(dialled, [0, 0, 0, 0]);
  await Promise.all([
    failing("signed-out", answering(401, "<h1>Login</h1>"), /not signed in/, "Sign in again"),
    failing("too-many", answering(429, ""), /Too many/, "Try again"),
    failing("html", answering(200, "<!doctype html>"), /refused/, "Try again"),
    failing("down", answering(503, ""), /problem of its own/, "Try again"),
    failing(
      "unreachable",
      (page) => page.route("**/realtime/calls", (route) => route.abort()),
      /cannot be reached/,
      "Try again",
    ),
  ]);
});

Deno.test("A page needs no mouse: names, roles, focus order, and no motion for those who want none", async () => {
  await using demo = await startDemo();
  await using browser = await openChromium();
  const page = await openDemo(browser, demo.url, { reducedMotion: "reduce", viewport: { width: 360, height: 740 } });
  const order: string[] = [];
  for (let i = 0; i < 9; i++) {
    await page.keyboard.press("Tab");
    order.push(
      await page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.id || activeElement?.className || activeElement?.tagName || "";
      }),
    );
  }
  assertEquals(order.slice(0, 4), ["skip", "start", "SUMMARY", "captions"]);
  const unnamed = await page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>("button, input, select, [role=meter], [role=img]")];
    return controls.filter((control) => {
      const labels = (control as HTMLInputElement).labels;
      const ids = control.getAttribute("aria-labelledby")?.split(" ") ?? [];
      const name = control.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? (control.textContent ||
        ids.map((id) => document.getElementById(id)?.textContent).join(" "));
      return !name?.trim() && !control.hidden && control.offsetParent !== null;
    }).map(({ id, outerHTML }) => id || outerHTML);
  });
  assertEquals(unnamed, []);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".controls button, #start, #settings summary, #say input, #say button")]
      .filter((each) => each.getBoundingClientRect().height < 44).map(({ id, tagName }) => id || tagName)
  );
  assertEquals(small, []);
  const moving = await page.evaluate(() => {
    document.body.dataset.state = "thinking";
    return document.getAnimations().length;
  });
  assertEquals(moving, 0);
  assertEquals(await page.getAttribute("#state", "role"), "status");
});
