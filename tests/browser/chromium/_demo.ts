import { assert } from "@std/assert";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ROOT } from "../../_tools/repository.ts";

/** Where screenshots go: CI keeps them, and somebody looks at them. */
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

/** Opens the page. */
export async function openDemo(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    permissions: ["microphone"],
    viewport: { width: 1400, height: 860 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => console.error(`page: ${error.stack}`));
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

/** Waits until the page is in one of these states. */
export async function inState(page: Page, ...names: string[]): Promise<void> {
  await page.waitForFunction((names) => names.includes(document.body.dataset.state ?? ""), names, { polling: 20 });
}

/** Takes a screenshot; nothing may stick out at the side. */
export async function shoot(page: Page, name: string): Promise<void> {
  await Deno.mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert(content! <= window!, `${name}: ${content} px of content in a window of ${window} px`);
}
