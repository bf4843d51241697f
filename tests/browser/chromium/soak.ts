// The demo page for 200 turns: nothing may grow.
import type { VoiceSession } from "@oai-rt/edge";
import { assert, assertEquals } from "@std/assert";
import { openChromium } from "./_chromium.ts";
import { choose, inState, openDemo, startDemo } from "./_demo.ts";

Deno.test("200 turns over a WebSocket leave no nodes, listeners or sound behind", async () => {
  await using demo = await startDemo(["--pace", "fast"]);
  await using browser = await openChromium();
  const page = await openDemo(browser, demo.url);
  await choose(page, "transport", "websocket");
  await choose(page, "mode", "push-to-talk");
  await page.click("#start");
  await inState(page, "listening");
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const measure = async () => {
    // By the page's own timers: those that show the last rows run before.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    await cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await cdp.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((each) => each.name === name)?.value ?? 0;
    // It shows the last half minute, in which a fast machine has more turns than the lists have rows.
    const timeline = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.getElementById("timeline")!);
      let count = 0;
      while (walker.nextNode()) count++;
      return count;
    });
    return { timeline, nodes: of("Nodes") - timeline, listeners: of("JSEventListeners"), heap: of("JSHeapUsedSize") };
  };
  const turns = (count: number) =>
    page.evaluate(async (count) => {
      const { voice } = (globalThis as unknown as { demo: { talk: { voice: VoiceSession } } }).demo.talk;
      for (let i = 0; i < count; i += 10) {
        // The model answers one after the other; the last answer is spoken, and cut.
        const asked = Array.from({ length: 9 }, (_, k) =>
          voice.session.ask(`Turn ${i + k}.`, { outputModalities: ["text"] }));
        await Promise.all([...asked, voice.session.ask(`Turn ${i + 9}.`)]);
        await voice.bargeIn();
      }
    }, count);
  // The lists are full by then: 200 captions and 300 events.
  await turns(130);
  const before = await measure();
  await turns(70);
  const after = await measure();
  const rows = await page.evaluate(() =>
    ["captions", "events"].map((id) => document.getElementById(id)?.childElementCount)
  );
  assertEquals(rows, [200, 300]);
  console.log(
    `    ${after.nodes} nodes, ${after.timeline} of the timeline, ${after.listeners} listeners, ${
      (after.heap / 1e6).toFixed(1)
    } MB after 200 turns`,
  );
  assert(after.nodes <= before.nodes * 1.02 + 20, `${before.nodes} nodes became ${after.nodes}`);
  // Five lanes of 200 spans at most.
  assert(after.timeline <= 3_200, `the timeline has ${after.timeline} nodes`);
  assert(after.listeners <= before.listeners * 1.02 + 10, `${before.listeners} listeners became ${after.listeners}`);
  assert(after.heap <= before.heap * 1.15, `a heap of ${before.heap} bytes became ${after.heap}`);
  await page.click("#start");
  await inState(page, "ended");
});
