// What the demo page says of every kind of connection and failure, without a microphone that speaks.
import { ConnectionError } from "@oai-rt/edge";
import { MicrophoneError, type WebRtcVoiceSession } from "@oai-rt/edge/browser";
import { RealtimeRest } from "@oai-rt/edge/rest";
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { BrowserContextOptions } from "playwright-core";
import { explainEnd, explainFailure, PLAYBACK_BLOCKED } from "../../../examples/web/page/failures.ts";
import { openChromium, shared } from "./_chromium.ts";
import { captioned, choose, DESKTOP, inState, openDemo, shoot, startDemo } from "./_demo.ts";

const demoOfAll = shared(() => startDemo());
const browserOfAll = shared(() => openChromium());

Deno.test("The page talks through the relay and over a WebSocket, and marks which words were heard", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), browserOfAll()]);
  const converse = async (kind: "relay" | "websocket", options: BrowserContextOptions) => {
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
  };
  await Promise.all([
    converse("relay", { ...DESKTOP, colorScheme: "dark" }),
    converse("websocket", { viewport: { width: 360, height: 740 } }),
  ]);
});

Deno.test("After a lost call the page reconnects, shows that it does, and continues the conversation", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), browserOfAll()]);
  const page = await openDemo(browser, demo.url, DESKTOP);
  await choose(page, "mode", "push-to-talk");
  await page.click("#start");
  await inState(page, "listening");
  const ask = async (words: string) => {
    await page.fill("#words", words);
    await page.keyboard.press("Enter");
    await inState(page, "speaking");
  };
  await ask("Hello.");
  await page.keyboard.press("Escape");
  await inState(page, "listening");
  const callId = () =>
    page.evaluate(() =>
      (globalThis as unknown as { demo: { talk: { voice: WebRtcVoiceSession } } }).demo.talk.voice.call.callId
    );
  const first = await callId();
  // Until the next call can be made, the page says that it reconnects.
  await page.route("**/realtime/calls", (route) => route.abort());
  await new RealtimeRest({ apiKey: "sk-test", baseUrl: `${demo.url}v1` }).hangUpCall(first!);
  await inState(page, "reconnecting");
  await shoot(page, "reconnecting");
  assertMatch(await page.innerText("#hint"), /goes on as soon as/);
  await page.unroute("**/realtime/calls");
  await inState(page, "listening");
  assert(await callId() !== first);
  assertEquals(await page.isVisible("#failure"), false);
  await ask("Are you still there?");
  await captioned(page, "Are you still there?");
  assertMatch(
    await page.innerText("#captions"),
    /^You\s+Hello\.[^]*Model\s[^]*You\s+Are you still there\?[^]*Model/,
  );
  await page.click("#start");
  await inState(page, "ended");
  await page.context().close();
});

Deno.test("Every failure has its own sentence and one action, and nothing is dialled without a microphone", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), browserOfAll()]);
  const page = await openDemo(browser, demo.url, { viewport: { width: 900, height: 700 } });
  const dialled: string[] = [];
  page.on("request", (request) => void (request.method() === "POST" && dialled.push(request.url())));
  const failing = async (name: string, prepare: () => Promise<unknown>, sentence: RegExp, action: string) => {
    await prepare();
    await page.click("#start");
    await inState(page, "failed");
    assertMatch(await page.innerText("#failure-text"), sentence, name);
    assertEquals(await page.innerText("#failure-action"), action, name);
    assertEquals(await page.innerText("#state"), "That did not work");
    await shoot(page, `failed-${name}`);
    // Each failure has its own document. A context of its own would cost a second of processor time.
    await page.unrouteAll();
    await page.context().setOffline(false);
    await page.reload();
    await page.waitForFunction(() => "demo" in globalThis);
  };
  const microphone = (error: string) => () =>
    page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
    }, error);
  const answering = (status: number, body: string) => () =>
    page.route("**/realtime/calls", (route) => route.fulfill({ status, body, contentType: "text/html" }));
  await failing("not-allowed", microphone("NotAllowedError"), /blocked/, "Ask again");
  await failing("not-found", microphone("NotFoundError"), /no such microphone/, "Choose another");
  await failing("in-use", microphone("NotReadableError"), /Another program/, "Try again");
  await failing(
    "unsupported",
    () =>
      page.evaluate(() => {
        Object.defineProperty(navigator, "mediaDevices", { value: undefined });
      }),
    /does not let it use a microphone/,
    "Reload",
  );
  assertEquals(dialled, []);
  await failing("signed-out", answering(401, "<h1>Login</h1>"), /not signed in/, "Sign in again");
  await failing("too-many", answering(429, ""), /Too many/, "Try again");
  await failing("html", answering(200, "<!doctype html>"), /refused/, "Try again");
  await failing("offline", () => page.context().setOffline(true), /You are offline/, "Try again");
  await failing("down", answering(503, ""), /problem of its own/, "Try again");
  await failing(
    "unreachable",
    () => page.route("**/realtime/calls", (route) => route.abort()),
    /cannot be reached/,
    "Try again",
  );
  assert(dialled.length >= 5, `dialled ${dialled}`);
  await page.context().close();
});

const endedBy = (reason: string) =>
  new ConnectionError("No", { kind: "closed", close: { code: 1000, reason, clean: false } });

Deno.test("No two failures and no two ends have the same sentence, and each has an action", () => {
  const microphone = [
    "insecure_context",
    "unsupported",
    "not_allowed",
    "not_found",
    "in_use",
    "timed_out",
    "lost",
  ] as const;
  const statuses = [401, 429, 503].map((status) => new ConnectionError("No", { kind: "refused", status }));
  const failures = [
    ...[
      ...microphone.map((code) => new MicrophoneError(code, "No")),
      ...statuses,
      new ConnectionError("It is HTML", { kind: "refused", status: 200 }),
      new ConnectionError("a firewall", { kind: "unreachable" }),
      new ConnectionError("No answer", { kind: "unreachable" }),
      endedBy("host"),
      new DOMException("", "TimeoutError"),
      new Error("What nobody thought of"),
    ].map((error) => explainFailure(error, true)),
    explainFailure(new Error(), false),
    ...[1001, 1005, 1006, 1008].map((code) => explainEnd({ code, reason: "" }, true)!),
    explainEnd({ code: 1006, reason: "" }, false)!,
    PLAYBACK_BLOCKED,
  ];
  assertEquals(new Set(failures.map(({ text }) => text)).size, failures.length);
  for (const { label, text } of failures) assert(label && /^[A-Z].*[.…]$|: .+$/.test(text), text);
  assertEquals(explainEnd({ code: 1000, reason: "" }, true), undefined);
  // A limit is one whichever way the page calls.
  for (const reason of ["idle", "max_duration", "quota"]) {
    assertEquals(explainFailure(endedBy(reason), true), explainEnd({ code: 1008, reason: "" }, true));
  }
});

Deno.test("A page that was frozen goes on with its call", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), browserOfAll()]);
  const page = await openDemo(browser, demo.url);
  await choose(page, "mode", "push-to-talk");
  await page.click("#start");
  await inState(page, "listening");
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  await inState(page, "listening");
  await page.fill("#words", "Hello.");
  await page.keyboard.press("Enter");
  await inState(page, "speaking");
  await page.click("#start");
  await inState(page, "ended");
  assertEquals(await page.isVisible("#failure"), false);
  await page.context().close();
});

Deno.test("A page needs no mouse: names, roles, focus order, and no motion for those who want none", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), browserOfAll()]);
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
