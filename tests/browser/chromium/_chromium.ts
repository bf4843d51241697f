import { type Browser, chromium, type Page } from "playwright-core";
import { bundleModule } from "../../_tools/bundle.ts";
import { ROOT } from "../../_tools/repository.ts";

/** What a fake microphone hears is a file; without one Chromium beeps, which counts as speech. */
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
];
/** How long anything in a page may take, in milliseconds. */
const TIMEOUT_MS = 20_000;

/** Options of {@linkcode openChromium}. */
export interface ChromiumOptions {
  /** WAV file that the microphone hears, once. */
  readonly microphone?: string | undefined;
  /** Whether it hears the file again and again. @default {false} */
  readonly loop?: boolean | undefined;
  /** Further flags. */
  readonly flags?: readonly string[] | undefined;
}

/** Starts Chromium with a new profile. */
export async function openChromium(
  { flags = [], loop = false, microphone }: ChromiumOptions = {},
): Promise<Browser> {
  const fake = microphone === undefined
    ? []
    : [`--use-file-for-fake-audio-capture=${microphone}${loop ? "" : "%noloop"}`];
  return await chromium.launch({
    executablePath: Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
    args: [...FLAGS, ...fake, ...flags],
    timeout: TIMEOUT_MS,
  });
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

const bundles = new Map<string, Promise<string>>();

/** Opens a page in which `globalThis.kit` is what `_kit.ts` exports. */
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
  const bundle = bundles.get(kit) ?? bundleModule(ROOT, `${folder}/${kit}`, options);
  bundles.set(kit, bundle);
  return {
    "/": `<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/kit.js"></script>`,
    "/kit.js": await bundle,
  };
}
