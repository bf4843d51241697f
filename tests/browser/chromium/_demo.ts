import { assert } from "@std/assert";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ROOT } from "../../_tools/repository.ts";

/** Folder of screenshots, which CI keeps for review. */
const SHOTS = Deno.env.get("SCREENSHOTS") ?? `${ROOT}/coverage/screenshots`;

/** The demo page, served by another process. */
export interface DemoProcess extends AsyncDisposable {
  readonly url: string;
}

/** Starts the demo as its task does. */
export async function startDemo(options: readonly string[] = []): Promise<DemoProcess> {
  const config = `${ROOT}/examples/simulator/media/deno.json`;
  const args = [
    "run",
    "--quiet",
    "-A",
    "--no-check",
    "--config",
    config,
    "examples/web/main.ts",
    "--port",
    "0",
    ...options,
  ];
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { OPENAI_API_KEY: "" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream());
  let output = "";
  let url: string | undefined;
  for await (const text of lines.values({ preventCancel: true })) {
    output += text;
    url = /http:\S+/.exec(output)?.[0];
    if (url) break;
  }
  const drained = lines.pipeTo(new WritableStream());
  if (!url) throw new Error(`Cannot start the demo: ${output}`);
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.status;
      await drained;
    },
  };
}

/** The window of a desktop, for screenshots. */
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1400, height: 860 } };

/**
 * Opens the page, in a small window and without motion unless the options say otherwise: without a graphics card,
 * drawing takes a third of the time of a test.
 */
export async function openDemo(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    permissions: ["microphone"],
    viewport: { width: 360, height: 300 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => console.error(`page: ${error.stack}`));
  await page.addInitScript(noteStates);
  await page.goto(url);
  await page.waitForFunction(() => "demo" in globalThis);
  return page;
}

/** Chooses something among the settings. */
export async function choose(page: Page, id: string, value: string): Promise<void> {
  await page.evaluate(() => document.getElementById("settings")?.setAttribute("open", ""));
  await page.selectOption(`#${id}`, value);
  await page.evaluate(() => document.getElementById("settings")?.removeAttribute("open"));
}

/** Notes every state of the page, as a slow machine looks too rarely to see the short ones. Runs in the page. */
function noteStates(): void {
  const states: (string | null | undefined)[] = [];
  Object.assign(globalThis, { states });
  const options = { subtree: true, attributeFilter: ["data-state"], attributeOldValue: true };
  new MutationObserver((changes) => {
    states.push(...changes.slice(1).map(({ oldValue }) => oldValue), document.body.dataset.state);
  }).observe(document, options);
}

/** Waits until the page is in one of these states, or has been in one since the state that was awaited last. */
export async function inState(page: Page, ...names: string[]): Promise<void> {
  const reached = (names: readonly string[]) => {
    const { states } = globalThis as unknown as { states: string[] };
    const index = states.findIndex((state) => names.includes(state));
    if (index < 0) return false;
    states.splice(0, index);
    return true;
  };
  await page.waitForFunction(reached, names, { polling: 20 });
}

/** Waits until the page has played this much sound, in milliseconds: a busy machine speaks slowly, and begins late. */
export async function heard(page: Page, ms: number): Promise<void> {
  await page.evaluate(async (ms) => {
    const { demo } = globalThis as unknown as { demo: { talk: { outputLevel: number } } };
    // However much later it looks again, no more than one interval counts.
    for (let left = ms; left > 0;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (demo.talk.outputLevel > 0.01) left -= 20;
    }
  }, ms);
}

/** Waits until a caption has these words, and another one follows it: captions appear a moment after their events. */
export async function captioned(page: Page, words: string): Promise<void> {
  await page.waitForFunction((words) => {
    const captions = [...document.querySelectorAll("#captions > *")];
    return captions.slice(0, -1).some(({ textContent }) => textContent?.includes(words));
  }, words);
}

/** Takes a screenshot; the page must not overflow horizontally. */
export async function shoot(page: Page, name: string): Promise<void> {
  await Deno.mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert(content! <= window!, `${name}: ${content} px of content in a window of ${window} px`);
}
