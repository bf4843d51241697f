import { openChromium } from "./_chromium.ts";
import { startDemo } from "./_demo.ts";
import { ROOT } from "../../_tools/repository.ts";
await using demo = await startDemo();
await using browser = await openChromium({ microphone: `${ROOT}/examples/assets/question.wav` });
for (const [kind, width, height, scheme] of [["relay", 1400, 860, "dark"], ["websocket", 360, 780, "dark"]] as const) {
  const context = await browser.newContext({ permissions: ["microphone"], viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage(); page.setDefaultTimeout(8000);
  page.on("pageerror", (e) => console.log("pageerror", e.stack));
  page.on("console", (m) => console.log(m.type(), m.text()));
  await page.goto(demo.url);
  await page.click("#settings summary"); await page.selectOption("#transport", kind); if (kind !== "relay") await page.click("#settings summary");
  await page.click("#start");
  await page.waitForFunction(() => document.body.dataset.state === "speaking", undefined, { timeout: 15000 }).catch((e) => console.log("no speaking", e.message.split("\n")[0]));
  await page.waitForTimeout(700);
  await page.keyboard.press("Escape");
  await page.waitForTimeout(500);
  await page.fill("#words", "How is the weather in Paris?").catch((e) => console.log(e.message.split("\n")[0]));
  await page.keyboard.press("Enter");
  await page.waitForTimeout(2200);
  await page.screenshot({ fullPage: width < 500, path: `/tmp/shot_${kind}.png` });
  console.log(kind, await page.textContent("#state"), JSON.stringify(await page.evaluate(() => (globalThis as any).demo.timeline)));
  console.log(await page.textContent("#failure-text"));
  await page.click("#start"); await page.waitForTimeout(400);
  console.log(await page.textContent("#state"));
  await context.close();
}
