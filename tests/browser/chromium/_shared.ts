// What takes long to start, for all tests of a worker: several files of tests run in one.
import { ROOT } from "../../_tools/repository.ts";
import { kitFiles, openChromium, serveFiles, shared } from "./_chromium.ts";
import { startDemo } from "./_demo.ts";
import { startMediaSimulator } from "./_simulator.ts";

/** The demo page. */
export const demoOfAll = shared(() => startDemo());
/** A simulator that carries sound. */
export const simulatorOfAll = shared(() => startMediaSimulator());
/** The page with `globalThis.kit`. */
export const filesOfAll = shared(async () => serveFiles(await kitFiles()));
/** Its microphone asks a question. */
export const askingBrowser = shared(() =>
  openChromium({ microphone: `${ROOT}/examples/assets/question.wav`, pauseMs: 45_000 })
);
/** Its microphone beeps each second, which counts as speech. */
export const beepingBrowser = shared(() => openChromium());
