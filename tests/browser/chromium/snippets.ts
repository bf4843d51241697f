// The snippets for pages in the README and in docs/ run in Chromium, against the edge app beside the media simulator.
import { assert, assertEquals } from "@std/assert";
import { writeWav } from "@oai-rt/edge/audio";
import { synthesizeSpeech } from "@oai-rt/edge/simulator";
import type { Browser, Page } from "playwright-core";
import { bundleModule } from "../../_tools/bundle.ts";
import { ROOT } from "../../_tools/repository.ts";
import { isForPage, readDocuments, type Snippet } from "../../docs/_snippets.ts";
import { openChromium } from "./_chromium.ts";
import { startDemo } from "./_demo.ts";

/** Short, and repeated after a pause, so that a page that is slow to connect hears it as well. */
const QUESTION = synthesizeSpeech("Hello there!");
const PAUSE_MS = 5000;
const TIMEOUT_MS = 30_000;

/** A page in which a snippet has been started. */
interface SnippetPage {
  readonly page: Page;
  /** Resolves when the page has logged a line that matches. */
  logged(pattern: RegExp): Promise<void>;
  /** Resolves when audio has been played that is louder than silence. */
  heard(): Promise<void>;
}

/** The observable outcome of each snippet, by a call in it. */
const OUTCOMES: Readonly<Record<string, (snippet: SnippetPage) => Promise<void>>> = {
  'voice: "marin"': async ({ heard, logged, page }) => {
    await Promise.all([logged(/^You: ./), logged(/^Assistant: ./), heard()]);
    const isMuted = () => page.evaluate(() => (globalThis as unknown as { voice: { muted: boolean } }).voice.muted);
    await page.click("button");
    assertEquals(await isMuted(), true);
    await page.click("button");
    assertEquals(await isMuted(), false);
  },
  "MicrophoneTrack.open(": async ({ logged, page }) => {
    await page.evaluate(async () => {
      const devices = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "audioinput");
      document.querySelector("select")!.replaceChildren(
        ...devices.map(({ deviceId, label }) => new Option(label, deviceId)),
      );
    });
    // Its session is there once it can be heard.
    await page.waitForFunction(() => "voice" in globalThis);
    const option = page.locator("option").last();
    await page.selectOption("select", await option.getAttribute("value"));
    await logged(new RegExp(`^Now: ${RegExp.escape(await option.innerText())}`));
  },
  'connectRelay("/realtime", { playbackSource': async ({ heard, logged, page }) => {
    await page.click("button");
    await Promise.all([logged(/^Assistant: ./), heard()]);
  },
  "useSyncExternalStore": async ({ logged, page }) => {
    await logged(/^You said: Hello!$/);
    await page.waitForFunction(() => document.querySelectorAll("main li").length === 2);
    const [question, answer] = await page.locator("main li").allTextContents();
    assertEquals(question, "Hello!");
    assert(answer!.length > 0, "The answer has no caption");
  },
  "connectLiveWebRtc(": async ({ heard, logged }) => {
    await Promise.all([logged(/^user: ./), logged(/^assistant: ./), heard()]);
  },
  "connectLiveRelay(": async ({ heard, logged }) => {
    await Promise.all([logged(/^user: ./), logged(/^assistant: ./), heard()]);
  },
};

/** Measures all audio that the page plays. Runs in the page, before the snippet. */
function measureAudio(): void {
  const peaks: (() => number)[] = [];
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]): never {
    if (args[0] instanceof AudioDestinationNode) {
      const analyser = new AnalyserNode(this.context);
      const samples = new Float32Array(analyser.fftSize);
      connect.call(this, analyser);
      peaks.push(() => (analyser.getFloatTimeDomainData(samples), samples.reduce((a, b) => Math.max(a, b), 0)));
    }
    return connect.apply(this, args) as never;
  };
  Object.assign(globalThis, { playedPeak: () => Math.max(0, ...peaks.map((peak) => peak())) });
}

/**
 * Bundles all snippets into one module, which runs the one whose index is `globalThis.snippetIndex`, and makes the
 * session of a snippet available to the test.
 */
async function bundleSnippets(snippets: readonly Snippet[]): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: `${ROOT}/tests/browser/chromium`, prefix: "_snippets_" });
  try {
    for (const [index, { code }] of snippets.entries()) {
      const session = /^const (voice|live|session) =/m.exec(code)?.[1];
      const publish = session ? `\nObject.assign(globalThis, { ${session} });\n` : "";
      await Deno.writeTextFile(`${folder}/${index}.ts`, code + publish);
    }
    const imports = snippets.map((_, index) => `() => import("./${index}.ts")`);
    await Deno.writeTextFile(`${folder}/main.ts`, `await [${imports.join(", ")}][globalThis.snippetIndex]();\n`);
    const options = ["--platform", "browser", "--config", "tests/browser/chromium/deno.json"];
    return await bundleModule(ROOT, `${folder}/main.ts`, options);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Opens a page of the app's origin that contains a snippet, and checks its outcome. */
async function runSnippet(browser: Browser, origin: string, snippet: Snippet, code: string): Promise<void> {
  const outcomes = Object.entries(OUTCOMES).filter(([call]) => snippet.code.includes(call));
  assertEquals(outcomes.length, 1, `${snippet.place} must have exactly one outcome in OUTCOMES`);
  const context = await browser.newContext({ permissions: ["microphone"] });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => {});
    const lines: string[] = [];
    const waiting: (() => void)[] = [];
    page.on("pageerror", (error) => failed.reject(error));
    page.on("console", (message) => {
      if (message.type() === "error") return failed.reject(new Error(message.text()));
      lines.push(message.text());
      for (const wake of waiting.splice(0)) wake();
    });
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.addInitScript(measureAudio);
    // A document that the app serves, as a fulfilled route would not belong to the local network.
    await page.goto(new URL("api.json", origin).href);
    await page.setContent(`<!doctype html><button>Button</button><select></select><main></main>`);
    await page.addScriptTag({ type: "module", content: code });
    const running = outcomes[0]![1]({
      page,
      async logged(pattern) {
        while (!lines.some((line) => pattern.test(line))) await new Promise<void>((resolve) => waiting.push(resolve));
      },
      async heard() {
        await page.waitForFunction(() => (globalThis as unknown as { playedPeak(): number }).playedPeak() > 0.02);
      },
    });
    const timer = setTimeout(
      () => failed.reject(new Error(`No outcome after ${TIMEOUT_MS} ms; logged: ${JSON.stringify(lines)}`)),
      TIMEOUT_MS,
    );
    await Promise.race([running, failed.promise]).finally(() => clearTimeout(timer));
  } catch (error) {
    throw new Error(`${snippet.place} fails in Chromium`, { cause: error });
  } finally {
    await context.close();
  }
}

Deno.test("every page snippet runs in Chromium with its stated outcome", async () => {
  const snippets = (await readDocuments()).filter(isForPage);
  assertEquals(snippets.length, Object.keys(OUTCOMES).length);
  const [started, bundle] = await Promise.all([startDemo(), bundleSnippets(snippets)]);
  await using demo = started;
  const microphone = await Deno.makeTempFile({ suffix: ".wav" });
  await Deno.writeFile(microphone, writeWav(QUESTION, { sampleRate: 24_000 }));
  try {
    await using browser = await openChromium({ microphone, pauseMs: PAUSE_MS });
    const waiting = snippets.entries();
    // Two loops share the iterator: with all pages at the same time, a busy machine answers too late.
    const work = async () => {
      for (const [index, snippet] of waiting) {
        await runSnippet(browser, demo.url, snippet, `globalThis.snippetIndex = ${index};\n${bundle}`);
      }
    };
    await Promise.all([work(), work()]);
  } finally {
    await Deno.remove(microphone);
  }
});
