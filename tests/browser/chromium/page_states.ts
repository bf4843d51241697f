// What the demo page shows for every kind of connection and failure, without a speaking microphone.
import { ConnectionError } from "@oai-rt/edge";
import { MicrophoneError, type WebRtcVoiceSession } from "@oai-rt/edge/browser";
import { RealtimeRest } from "@oai-rt/edge/rest";
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { BrowserContextOptions, Page } from "playwright-core";
import { explainEnd, explainFailure, PLAYBACK_BLOCKED } from "../../../examples/web/page/failures.ts";
import { Timeline } from "../../../examples/web/page/timeline.ts";
import type { CaptionsKit } from "./_captions_kit.ts";
import { kitFiles, openKitPage, serveFiles } from "./_chromium.ts";
import { captioned, choose, DESKTOP, heard, inState, openDemo, shoot } from "./_demo.ts";
import { beepingBrowser, demoOfAll } from "./_shared.ts";
import { testTogether } from "./_together.ts";

declare const kit: CaptionsKit;

/** Starts a call in which the user holds a button to talk, as the fake microphone beeps all the time. */
async function call(page: Page, kind = "webrtc"): Promise<void> {
  await choose(page, "transport", kind);
  await choose(page, "mode", "push-to-talk");
  await page.click("#start");
  await inState(page, "listening");
}

/** Ends the call of a page, then closes the page. */
async function hangUp(page: Page): Promise<void> {
  await page.click("#start");
  await inState(page, "ended");
  await page.context().close();
}

Deno.test("The page talks through the relay and over a WebSocket, and marks the words that were heard", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const converse = async (kind: "relay" | "websocket", options: BrowserContextOptions) => {
    const page = await openDemo(browser, demo.url, options);
    await call(page, kind);
    await page.fill("#words", "Tell me a long story.");
    await page.keyboard.press("Enter");
    await inState(page, "speaking");
    await heard(page, 800);
    await page.keyboard.press("Escape");
    await inState(page, "listening");
    await page.waitForFunction(() => document.querySelector("#captions .cut s") !== null);
    await page.locator("#events").scrollIntoViewIfNeeded();
    const [said, lost] = await page.evaluate(() => {
      const words = document.querySelector("#captions .cut p")!;
      return [words.firstChild?.textContent ?? "", words.querySelector("s")?.textContent ?? ""];
    });
    assert(said!.length > 5 && lost!.length > 5, `heard ${said}, lost ${lost}`);
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
    // Where rows have the height of fingers, the events follow the newest one, too.
    await page.waitForFunction(() => {
      const { clientHeight, scrollHeight, scrollTop } = document.querySelector("#events")!;
      return scrollHeight > clientHeight && scrollHeight - scrollTop - clientHeight < 40;
    });
    await page.context().close();
  };
  await Promise.all([
    converse("relay", { ...DESKTOP, colorScheme: "dark" }),
    converse("websocket", { viewport: { width: 360, height: 740 } }),
  ]);
});

testTogether({
  "After a lost call the page reports that it reconnects, and continues the conversation": reconnect,
  "A page that was frozen continues its call": freeze,
  "An interrupted answer is exposed to screen readers and the clipboard as heard, and each final sentence once":
    readOut,
  "A microphone that was unplugged is used again when it returns, in the same conversation": replug,
});

async function replug(): Promise<void> {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url);
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const getUserMedia = devices.getUserMedia.bind(devices);
    const tracks: MediaStreamTrack[] = [];
    let error = "";
    devices.getUserMedia = async (constraints) => {
      if (error) throw new DOMException("", error);
      const stream = await getUserMedia(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    const plug = (isPlugged: boolean) => {
      error = isPlugged ? "" : "NotFoundError";
      if (!isPlugged) tracks.at(-1)!.dispatchEvent(new Event("ended"));
      // A headset is two devices.
      for (let i = 0; i < 2; i++) devices.dispatchEvent(new Event("devicechange"));
    };
    Object.assign(globalThis, { plug, tracks, setError: (name: string) => void (error = name) });
  });
  const plug = (isPlugged: boolean) =>
    page.evaluate((isPlugged) => (globalThis as unknown as { plug(is: boolean): void }).plug(isPlugged), isPlugged);
  await call(page, "websocket");
  await plug(false);
  await page.waitForSelector("#failure:visible");
  assertMatch(await page.innerText("#failure-text"), /unplugged/);
  // Its other devices change nothing.
  await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event("devicechange")));
  assertEquals(await page.isVisible("#failure"), true);
  await plug(true);
  await page.waitForSelector("#failure", { state: "hidden" });
  // The fake microphone beeps.
  await page.keyboard.down("Space");
  await page.waitForFunction(() =>
    (globalThis as unknown as { demo: { talk: { inputLevel: number } } }).demo.talk.inputLevel > 0.01
  );
  await page.waitForFunction(() =>
    (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks
      .filter(({ readyState }) => readyState === "live").length === 1
  );
  await page.keyboard.up("Space");
  // Another program uses the chosen one, until it is closed.
  const setError = (name: string) =>
    page.evaluate((name) => (globalThis as unknown as { setError(name: string): void }).setError(name), name);
  await setError("NotReadableError");
  await page.evaluate(() => document.getElementById("microphone")!.dispatchEvent(new Event("change")));
  await page.waitForSelector("#failure:visible");
  assertMatch(await page.innerText("#failure-text"), /Another program/);
  await setError("");
  const before = await page.evaluate(() => (globalThis as unknown as { tracks: unknown[] }).tracks.length);
  await page.click("#failure-action");
  await page.waitForSelector("#failure", { state: "hidden" });
  await page.waitForFunction(
    (before) => (globalThis as unknown as { tracks: unknown[] }).tracks.length > before,
    before,
  );
  await page.click("#start");
  await page.waitForFunction(() => document.body.dataset.state === "ended");
  await page.waitForFunction(() =>
    (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks.every(({ readyState }) => readyState === "ended")
  );
  await page.context().close();
}

async function reconnect(): Promise<void> {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url, DESKTOP);
  await call(page);
  const ask = async (words: string) => {
    await page.fill("#words", words);
    await page.keyboard.press("Enter");
    await inState(page, "speaking");
  };
  await ask("مرحبا!");
  await captioned(page, "مرحبا!");
  assertEquals(
    await page.evaluate(() => getComputedStyle(document.querySelector("#captions .you p")!).direction),
    "rtl",
  );
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
    /^You\s+مرحبا![^]*Model\s[^]*You\s+Are you still there\?[^]*Model/,
  );
  await hangUp(page);
}

Deno.test("The states that pass quickly appear as well: asking, connecting, listening and thinking", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url, DESKTOP);
  const [greeting, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await page.routeWebSocket(/\/realtime\/relay/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(message));
    // In order, as all that wait do so for the same moment.
    server.onMessage(async (message) => {
      await (String(message).includes("response.") ? answer.promise : greeting.promise);
      socket.send(message);
    });
  });
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const getUserMedia = devices.getUserMedia.bind(devices);
    const allowed = Promise.withResolvers<void>();
    devices.getUserMedia = (constraints) => allowed.promise.then(() => getUserMedia(constraints));
    Object.assign(globalThis, { allow: allowed.resolve });
  });
  const places = () =>
    page.evaluate(() => ["start", "figures"].map((id) => document.getElementById(id)!.getBoundingClientRect().top));
  const before = await places();
  const shootState = async (state: string, words: string) => {
    await inState(page, state);
    assertEquals(await page.innerText("#state"), words);
    assertEquals(await places(), before, `${state} moves what the user is about to press`);
    await shoot(page, state);
  };
  await choose(page, "transport", "relay");
  await choose(page, "mode", "push-to-talk");
  await page.click("#start");
  await shootState("asking", "Asking for the microphone…");
  assertMatch(await page.innerText("#hint"), /Nothing is connected before/);
  for (const width of [320, 740]) {
    await page.setViewportSize({ width, height: 360 });
    const overflowing = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>(".stage > p")]
        .filter(({ offsetHeight, scrollHeight }) => scrollHeight > offsetHeight + 1).map(({ id }) => id)
    );
    assertEquals(overflowing, [], `covers what is below it in a window of ${width} px`);
    assertEquals(
      await page.evaluate(isCovered, "start"),
      false,
      `the button to hang up is covered in a window of ${width} px`,
    );
  }
  await page.setViewportSize(DESKTOP.viewport!);
  await page.evaluate(() => (globalThis as unknown as { allow(): void }).allow());
  await shootState("connecting", "Connecting…");
  greeting.resolve();
  await shootState("listening", "Listening");
  await page.evaluate(() => void (globalThis as unknown as { states: string[] }).states.splice(0));
  await page.keyboard.down("Space");
  await inState(page, "hearing");
  await page.waitForTimeout(300);
  await page.keyboard.up("Space");
  await shootState("thinking", "Thinking…");
  answer.resolve();
  await inState(page, "speaking");
  await hangUp(page);
});

Deno.test("Every failure has its own message and one action, and nothing is dialled without a microphone", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url, { viewport: { width: 900, height: 700 } });
  const dialled: string[] = [];
  page.on("request", (request) => void (request.method() === "POST" && dialled.push(request.url())));
  const failing = async (name: string, prepare: () => Promise<unknown>, sentence: RegExp, action: string) => {
    await prepare();
    await page.click("#start");
    await inState(page, "failed");
    assertMatch(await page.innerText("#failure-text"), sentence, name);
    assertEquals(await page.innerText("#failure-action"), action, name);
    assertEquals(await page.innerText("#state"), "The call did not start");
    assertEquals(await page.evaluate(isCovered, "failure-action"), false, `${name}: the failure must be visible`);
    await shoot(page, `failed-${name}`);
    // The next one begins in the same document, as someone who tries again does: a new one would take a second.
    await page.unrouteAll();
    await page.context().setOffline(false);
    await page.evaluate(() => void (globalThis as unknown as { states: string[] }).states.splice(0));
  };
  const microphone = (error: string) => () =>
    page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
    }, error);
  const answering = (status: number, body: string, path = "calls") => () =>
    page.route(`**/realtime/${path}`, (route) => route.fulfill({ status, body, contentType: "text/html" }));
  await failing("not-allowed", microphone("NotAllowedError"), /blocked/, "Ask again");
  assertEquals(await page.evaluate(isCovered, "words"), false, "the message field is below the edge");
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
  // With the microphone again.
  await page.reload();
  await page.waitForFunction(() => "demo" in globalThis);
  await failing("signed-out", answering(401, "<h1>Login</h1>"), /not signed in/, "Sign in again");
  await failing("too-many", answering(429, ""), /Too many/, "Try again");
  await failing("html", answering(200, "<!doctype html>"), /refused/, "Try again");
  await failing("offline", () => page.context().setOffline(true), /You are offline/, "Try again");
  await failing(
    "no-secret",
    async () => {
      await choose(page, "transport", "websocket");
      await answering(429, "", "client_secrets")();
    },
    /Too many/,
    "Try again",
  );
  await failing("html-secret", answering(200, "<!doctype html>", "client_secrets"), /refused/, "Try again");
  await choose(page, "transport", "webrtc");
  await failing("down", answering(503, ""), /does not work at the moment/, "Try again");
  // On a phone, someone who reads the last conversation can press Start, and sees the failure.
  await page.setViewportSize({ width: 360, height: 740 });
  await failing(
    "unreachable",
    async () => {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.route("**/realtime/calls", (route) => route.abort());
    },
    /cannot be reached/,
    "Try again",
  );
  assert(dialled.length >= 5, `dialled ${dialled}`);
  await page.context().close();
});

/** Whether an element is out of sight, or covered by another. Runs in the page. */
function isCovered(id: string): boolean {
  const element = document.getElementById(id)!;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return !element.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
}

const endedBy = (reason: string) =>
  new ConnectionError("No", { kind: "closed", close: { code: 1000, reason, clean: false } });

Deno.test("No two failures or ends share a message, and each has an action", () => {
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
  // A limit has the same effect whichever way the page calls.
  for (const reason of ["idle", "max_duration", "quota"]) {
    assertEquals(explainFailure(endedBy(reason), true), explainEnd({ code: 1008, reason: "" }, true));
  }
});

async function freeze(): Promise<void> {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url);
  await call(page);
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
}

Deno.test("A page works without a mouse: names, roles, focus order, and reduced motion", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  await using page = await openDemo(browser, demo.url, {
    reducedMotion: "reduce",
    viewport: { width: 360, height: 740 },
  });
  const order: string[] = [];
  for (let i = 0; i < 11; i++) {
    await page.keyboard.press("Tab");
    order.push(
      await page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.id || activeElement?.className || activeElement?.tagName || "";
      }),
    );
  }
  assertEquals(order.slice(0, 6), ["skip", "A", "A", "start", "SUMMARY", "captions"]);
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
    [...document.querySelectorAll<HTMLElement>("button, input, select, summary, a:not(.skip)")]
      .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 44)
      .map(({ id, tagName }) => id || tagName)
  );
  assertEquals(small, []);
  const moving = await page.evaluate(() => {
    document.body.dataset.state = "thinking";
    return document.getAnimations().length;
  });
  assertEquals(moving, 0);
  assertEquals(await page.getAttribute("#state", "role"), "status");
});

async function readOut(): Promise<void> {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url, {
    permissions: ["microphone", "clipboard-read", "clipboard-write"],
  });
  await call(page);
  assertEquals(await page.isVisible("#captions .empty"), true);
  await page.fill("#words", "Tell me a long story.");
  await page.keyboard.press("Enter");
  await inState(page, "speaking");
  await heard(page, 800);
  await page.keyboard.press("Escape");
  await inState(page, "listening");
  await page.waitForFunction(() => document.querySelectorAll("#announcer p").length === 2);
  const { announced, said } = await page.evaluate(() => ({
    announced: [...document.querySelectorAll("#announcer p")].map(({ textContent }) => textContent),
    said: document.querySelector("#captions .cut p")!.firstChild!.textContent,
  }));
  assert(said!.length > 0, "no word was heard");
  const sentences = ["You: Tell me a long story.", `Model: ${said} …interrupted`];
  assertEquals(announced, sentences);
  await page.click("#copy");
  await page.waitForFunction(() => document.getElementById("copy")!.textContent === "Copied");
  assertEquals(await page.evaluate(() => navigator.clipboard.readText()), sentences.join("\n"));
  await hangUp(page);
}

Deno.test("An answer that ended incomplete is not announced before its interruption is known, and 1.5 s later anyway", async () => {
  await using files = serveFiles(await kitFiles("_captions_kit.ts"));
  await using page = await openKitPage(await beepingBrowser(), files);
  // Its clock stands still unless the test moves it: a page that is held up would be late for one step or the other.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 3_600_000);
  const announced: (string | null)[][] = [];
  const steps = await page.evaluateHandle(() => {
    const answer = {
      id: "item_1",
      item: { id: "item_1", type: "message", role: "assistant", status: "incomplete", content: [] },
      role: "assistant",
      text: "One two three",
      final: true,
      transcription: "none",
      interrupted: false,
      progress: undefined,
      heardText: undefined,
    } as const;
    const [cut, late] = [kit.showCaptions(), kit.showCaptions()];
    return {
      // The end of the item, of the response, and the position of the cut arrive one after the other.
      ended: () => (cut.write(answer), cut),
      interrupted: () => (cut.write({ ...answer, interrupted: true }), cut),
      heard: () => (cut.write({ ...answer, interrupted: true, heardText: "One two" }), cut),
      late: () => (late.write({ ...answer, id: "item_2" }), late),
    };
  });
  for (
    const [step, ms] of [["ended", 100], ["interrupted", 100], ["heard", 100], ["late", 1400], ["late", 400]] as const
  ) {
    const shown = await steps.evaluateHandle((steps, step) => steps[step](), step);
    await page.clock.runFor(ms);
    announced.push(await shown.evaluate((captions) => captions.announced()));
  }
  const words = ["Model: One two …interrupted"];
  assertEquals(announced, [[], [], words, [], ["Model: One two three"]]);
});

Deno.test("A list whose end is visible follows its newest row, and one that is scrolled back stays where it is", async () => {
  await using files = serveFiles(await kitFiles("_captions_kit.ts"));
  await using page = await openKitPage(await beepingBrowser(), files);
  const places = await page.evaluate(() => {
    const list = document.createElement("ol");
    list.style.cssText = "height: 200px; overflow-y: auto; overflow-anchor: none; margin: 0";
    document.body.append(list);
    const add = () => {
      const row = Object.assign(document.createElement("li"), { textContent: "Row" });
      row.style.height = "50px";
      kit.keepAtEnd(list, () => list.append(row));
      return list.scrollTop;
    };
    const following = Array.from({ length: 6 }, add);
    list.scrollTop = 20;
    return [...following, add(), add()];
  });
  assertEquals(places, [0, 0, 0, 0, 50, 100, 20, 20]);
});

Deno.test("The timeline in words counts what it no longer draws", () => {
  const timeline = new Timeline();
  for (let at = 0; at < 250; at++) timeline.receive({ type: "conversation.item.truncated", audio_end_ms: 1000 }, at);
  timeline.pressed(true, 0);
  timeline.pressed(false, 1);
  assertEquals(timeline.describe(), "1 turn of yours, 0 answers, 0 tool calls, 250 interruptions");
  assertEquals(timeline.lanes.cuts.length, 200);
});

Deno.test("The space bar talks whichever button has the focus, clicks none, and does not scroll while it is held", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url);
  await choose(page, "mode", "push-to-talk");
  // The second click of a double click does not hang up.
  await page.dblclick("#start");
  await inState(page, "listening");
  for (const id of ["start", "talk", "interrupt"]) {
    await page.focus(`#${id}`);
    await page.keyboard.down("Space");
    await inState(page, "hearing");
    const before = await page.evaluate(() => scrollY);
    // A held key repeats.
    await page.keyboard.down("Space");
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    await page.keyboard.up("Space");
    await page.waitForFunction(() => document.getElementById("talk")!.getAttribute("aria-pressed") === "false");
    assertEquals(await page.innerText("#start"), "Hang up", id);
    assertEquals(await page.evaluate(() => scrollY), before, id);
  }
  await page.hover("#talk");
  await page.mouse.down({ button: "right" });
  assertEquals(await page.getAttribute("#talk", "aria-pressed"), "false", "the right button talks");
  await page.mouse.up({ button: "right" });
  await page.focus("#start");
  await page.keyboard.press("Enter");
  await inState(page, "ended");
  await page.context().close();
});

Deno.test("A second press right after the first is heard: it continues the turn over WebRTC, and starts another over a WebSocket", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const talk = async (kind: "webrtc" | "websocket", turns: number) => {
    const page = await openDemo(browser, demo.url);
    await call(page, kind);
    // In the page: a busy machine would hold the key for longer than the test meant to, and press it again too late.
    const keys = await page.evaluate(async () => {
      (document.activeElement as HTMLElement | null)?.blur();
      const times: number[] = [];
      const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      const send = (type: "keydown" | "keyup") => {
        document.dispatchEvent(new KeyboardEvent(type, { code: "Space", cancelable: true }));
        times.push(performance.now());
      };
      // The fake microphone beeps once a second.
      send("keydown");
      await wait(1500);
      send("keyup");
      await wait(50);
      send("keydown");
      await wait(1500);
      send("keyup");
      return times;
    });
    const commits = page.locator("#events .type", { hasText: /^input_audio_buffer\.committed$/ });
    await commits.nth(turns - 1).waitFor({ state: "attached" });
    await inState(page, "speaking");
    await page.click("#start");
    await inState(page, "ended");
    assertEquals(await commits.count(), turns, kind);
    assertEquals(await page.locator("#events .bad").count(), 0, kind);
    const heard = await page.locator("#captions .you p").allInnerTexts();
    assertEquals(heard.length, turns, kind);
    // All of the last turn was heard, and nothing but it.
    const [down = 0, , again = 0, up = 0] = keys;
    const heldMs = up - (kind === "webrtc" ? down : again);
    const heardMs = Number(/([\d.]+)s/.exec(heard.at(-1)!)?.[1]) * 1000;
    assert(Math.abs(heardMs - heldMs) < 700, `${kind}: ${heard} was heard of ${heldMs} ms`);
    await page.context().close();
  };
  await Promise.all([talk("webrtc", 1), talk("websocket", 2)]);
});

Deno.test("A loudspeaker that is unplugged is replaced by the default one, and used again when it returns", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url);
  // The real devices are listed by then.
  await page.waitForFunction(() => document.querySelectorAll("#microphone option").length > 1);
  await page.evaluate(() => {
    const headset = { deviceId: "headset", kind: "audiooutput", label: "Headset", groupId: "" } as MediaDeviceInfo;
    const setPlugged = (isPlugged: boolean) => {
      navigator.mediaDevices.enumerateDevices = () => Promise.resolve(isPlugged ? [headset] : []);
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    };
    // The browser has no such device.
    const chosen: string[] = [];
    Object.assign(AudioContext.prototype, { setSinkId: (id: string) => Promise.resolve(void chosen.push(id)) });
    Object.assign(globalThis, { setPlugged, chosen });
    setPlugged(true);
  });
  await choose(page, "speaker", "headset");
  await call(page);
  const plug = async (isPlugged: boolean, count: number) => {
    await page.evaluate((isPlugged) => {
      (globalThis as unknown as { setPlugged(isPlugged: boolean): void }).setPlugged(isPlugged);
    }, isPlugged);
    await page.waitForFunction(
      (count) => (globalThis as unknown as { chosen: string[] }).chosen.length === count,
      count,
    );
  };
  await page.waitForFunction(() => (globalThis as unknown as { chosen: string[] }).chosen.length === 1);
  await plug(false, 2);
  assertEquals(await page.inputValue("#speaker"), "");
  await plug(true, 3);
  assertEquals(await page.inputValue("#speaker"), "headset");
  assertEquals(await page.evaluate(() => (globalThis as unknown as { chosen: string[] }).chosen), [
    "headset",
    "",
    "headset",
  ]);
  await hangUp(page);
});

Deno.test("The screen stays on while talking, also after the page was hidden, and not a moment longer", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url);
  await page.evaluate(() => {
    const [held, waiting] = [new Set<unknown>(), [] as (() => void)[]];
    const request = () => {
      const lock = { release: () => Promise.resolve(void held.delete(lock)) };
      // It is granted when the test says so.
      return new Promise((resolve) => waiting.push(() => resolve((held.add(lock), lock))));
    };
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
    Object.assign(globalThis, { held, waiting });
  });
  const grant = () =>
    page.evaluate(async () => {
      const { held, waiting } = globalThis as unknown as { held: Set<unknown>; waiting: (() => void)[] };
      const asked = waiting.splice(0);
      for (const resolve of asked) resolve();
      await new Promise((resolve) => setTimeout(resolve));
      return [asked.length, held.size];
    });
  await call(page);
  assertEquals(await grant(), [1, 1]);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  assertEquals(await grant(), [1, 1]);
  // One that is granted after the end is given back.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.click("#start");
  await inState(page, "ended");
  assertEquals(await grant(), [1, 0]);
  await page.context().close();
});

Deno.test("Coming online clears only the page's offline message", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url);
  await call(page);
  await page.context().setOffline(true);
  await page.waitForSelector("#failure:visible");
  assertMatch(await page.innerText("#failure-text"), /offline/);
  await page.context().setOffline(false);
  await page.waitForSelector("#failure", { state: "hidden" });
  await page.click("#start");
  await inState(page, "ended");
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
  });
  await page.click("#start");
  await inState(page, "failed");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  assertEquals(await page.isVisible("#failure"), true);
  // Its action leads to the setting that helps.
  await page.click("#failure-action");
  assertEquals(await page.evaluate(() => document.activeElement?.id), "microphone");
  await page.context().close();
});

Deno.test("A page that may neither store nor copy anything works, and says that it cannot copy", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  const page = await openDemo(browser, demo.url);
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", {
      get() {
        throw new DOMException("", "SecurityError");
      },
    });
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await page.reload();
  await page.waitForFunction(() => "demo" in globalThis);
  await choose(page, "voice", "cedar");
  await page.evaluate(() => {
    const copy = document.getElementById("copy") as HTMLButtonElement;
    copy.disabled = false;
    copy.click();
  });
  await page.waitForSelector("#failure:visible");
  assertMatch(await page.innerText("#failure-text"), /does not let this page copy/);
  await page.click("#failure-action");
  assertEquals(await page.isVisible("#failure"), false);
  await page.context().close();
});

Deno.test("All text has a contrast of 4.5 to 1, light and dark, and a 320 px window does not scroll sideways", async () => {
  const [demo, browser] = await Promise.all([demoOfAll(), beepingBrowser()]);
  for (const path of ["", "live"]) {
    const page = await openDemo(browser, `${demo.url}${path}`, { viewport: { width: 320, height: 640 } });
    await page.evaluate(() => {
      document.getElementById("settings")!.setAttribute("open", "");
      // Every kind of caption, and a failure, without a call.
      document.getElementById("captions")!.innerHTML = ["you", "model partial", "model cut", "tool"].map((kind) =>
        `<li class="caption ${kind}"><span class="who">Who</span><p>Heard <s>not</s><em> …interrupted</em></p></li>`
      ).join("");
      for (const id of ["failure", "clock", "controller"]) document.getElementById(id)?.removeAttribute("hidden");
      document.getElementById("failure-text")!.textContent = "The microphone is blocked.";
      document.getElementById("failure-action")!.textContent = "Ask again";
    });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await shoot(page, `contrast${path}-${colorScheme}`);
      assertEquals(await page.evaluate(paleTexts), [], `${path} ${colorScheme}`);
    }
    await page.context().close();
  }
});

/** The texts of the page whose contrast is below 4.5 to 1. Runs in the page. */
function paleTexts(): string[] {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pixel = canvas.getContext("2d", { willReadFrequently: true })!;
  /** Paints colours over each other, and returns the luminance of the result. */
  const luminanceOf = (colours: readonly [colour: string, opacity: number][]) => {
    for (const [colour, opacity] of colours) {
      pixel.globalAlpha = opacity;
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
    }
    const linear = [...pixel.getImageData(0, 0, 1, 1).data].map((byte) =>
      byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  };
  const pale: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement!;
    const text = walker.currentNode.textContent!.trim();
    if (!text || !element.offsetParent || element.closest(".hidden, .skip, :disabled")) continue;
    const grounds: [string, number][] = [];
    let opacity = 1;
    for (let each: Element | null = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      grounds.unshift([style.backgroundColor, 1]);
      opacity *= Number(style.opacity);
    }
    const ground = luminanceOf(grounds);
    const ink = luminanceOf([...grounds, [getComputedStyle(element).color, opacity]]);
    const contrast = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
    if (contrast < 4.5) pale.push(`${text}: ${contrast.toFixed(2)}`);
  }
  return pale;
}
