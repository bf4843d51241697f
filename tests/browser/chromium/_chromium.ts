import { readWav, silence, writeWav } from "@oai-rt/edge/audio";
import { type Browser, chromium, type Page } from "playwright-core";
import { bundleOnce } from "../../_tools/bundle.ts";

/**
 * Chromium loads two pages for the suggestions of its address bar in every window, which take 1.2 s of processor time,
 * and starts a renderer in advance. The other features are those that Playwright disables: of several lists, Chromium
 * uses the last one.
 */
const DISABLED_FEATURES = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "SpareRendererForSitePerProcess",
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];
/** The fake microphone plays a file; without one Chromium beeps, which counts as speech. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  `--disable-features=${DISABLED_FEATURES.join()}`,
];
/** Timeout of every operation in a page, in milliseconds. */
const TIMEOUT_MS = 20_000;

/** Options of {@linkcode openChromium}. */
export interface ChromiumOptions {
  /** WAV file that the microphone hears, and hears again after a pause. */
  readonly microphone?: string | undefined;
  /**
   * Milliseconds of the pause. A page that is slow to connect misses the first time; one that is done by then notices
   * nothing of the second. @default {20_000}
   */
  readonly pauseMs?: number | undefined;
  /** Further flags. */
  readonly flags?: readonly string[] | undefined;
}

/** Starts Chromium with a new profile. */
export async function openChromium(
  { flags = [], microphone, pauseMs = 20_000 }: ChromiumOptions = {},
): Promise<Browser> {
  const file = microphone && await repeatable(microphone, pauseMs);
  const browser = await chromium.launch({
    executablePath: Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
    args: [...FLAGS, ...file ? [`--use-file-for-fake-audio-capture=${file}`] : [], ...flags],
    timeout: TIMEOUT_MS,
  });
  if (file) browser.once("disconnected", () => Deno.removeSync(file));
  return browser;
}

/** Copies a WAV file and adds a pause, as Chromium hears a file again and again. */
async function repeatable(path: string, pauseMs: number): Promise<string> {
  const { data } = readWav(await Deno.readFile(path));
  const file = await Deno.makeTempFile({ suffix: ".wav" });
  await Deno.writeFile(file, writeWav(new Uint8Array([...data, ...silence(pauseMs)])));
  return file;
}

/**
 * Keeps for all tests of a file what takes long to start: it is started by the first that asks for it, and closed after the last
 * one. Tests that have their own pages do not disturb each other.
 */
export function shared<T extends AsyncDisposable>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  Deno.test.afterAll(async () => await (await started)?.[Symbol.asyncDispose]());
  return () => started ??= start();
}

/** A server of files in memory. */
export interface PageServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves files: path → text, with the type by the name; and headers for all of them. */
export function serveFiles(files: Readonly<Record<string, string>>, headers: Record<string, string> = {}): PageServer {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const path = new URL(url).pathname;
    const body = files[path];
    if (body === undefined) return new Response("Not found", { status: 404 });
    const type = path.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    return new Response(body, { headers: { "content-type": type, ...headers } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Opens a page in which `globalThis.kit` has the exports of `_kit.ts`. */
export async function openKitPage(
  browser: Browser,
  files: PageServer,
  { quiet = false } = {},
): Promise<Page> {
  const context = await browser.newContext({ permissions: ["microphone"] });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  page.on("pageerror", (error) => console.error(`page: ${error.stack}`));
  page.on("console", (message) => !quiet && message.type() === "error" && console.error(`page: ${message.text()}`));
  await page.goto(`${files.url}/`);
  await page.waitForFunction(() => "kit" in globalThis);
  return page;
}

/** The files of that page. */
export async function kitFiles(kit = "_kit.ts"): Promise<Record<string, string>> {
  const folder = "tests/browser/chromium";
  const options = ["--platform", "browser", "--config", `${folder}/deno.json`];
  return {
    "/": `<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/kit.js"></script>`,
    "/kit.js": await bundleOnce(`${folder}/${kit}`, options),
  };
}
