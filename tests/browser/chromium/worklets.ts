// The audio thread in Chromium: playback and recording, and how its code is loaded.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "../../_tools/repository.ts";
import { kitFiles, openKitPage, serveFiles } from "./_chromium.ts";
import type { Kit } from "./_kit.ts";
import { beepingBrowser } from "./_shared.ts";
import { testTogether } from "./_together.ts";

declare const kit: Kit;

const WORKLET = await Deno.readTextFile(`${ROOT}/src/browser/worklet.js`);

Deno.test("openSpeaker() plays every sample once and in order even while the page is busy, and cuts without a click", async () => {
  await using files = serveFiles({ ...await kitFiles() });
  const browser = await beepingBrowser();
  await using page = await openKitPage(browser, files);
  const outcome = await page.evaluate(async () => {
    const RATE = 24_000;
    const record = async () => {
      const context = new AudioContext({ sampleRate: RATE });
      const code = `registerProcessor("tape", class extends AudioWorkletProcessor {
        process([[samples]]) {
          if (samples) this.port.postMessage({ frame: currentFrame, samples: samples.slice() });
          return true;
        }
      });`;
      await context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
      const tape = new AudioWorkletNode(context, "tape");
      tape.connect(context.destination);
      const taped: number[] = [];
      const isAt: { frame?: number } = {};
      tape.port.onmessage = ({ data: { frame, samples } }) => {
        isAt.frame ??= frame;
        taped.push(...samples);
      };
      // The output is recorded in the graph itself.
      Object.defineProperty(context, "destination", { value: tape });
      return { speaker: await kit.openSpeaker({ audioContext: context }), taped, context, isAt };
    };
    // A chirp: every sample differs from the ones before, so that a lost or doubled one shows.
    const chirp = (samples: number) =>
      Int16Array.from({ length: samples }, (_, i) => Math.round(16_000 * Math.sin(0.00001 * i * i + 0.05 * i)) || 1);
    const compare = (taped: number[], sent: Int16Array) => {
      const start = taped.findIndex((sample) => sample !== 0);
      let wrong = 0;
      for (let i = 0; i < sent.length; i++) if (Math.round((taped[start + i] ?? 9) * 32768) !== sent[i]) wrong++;
      return wrong;
    };
    // Whether samples arrive is the question, not how fast: a busy machine tapes late.
    const isTaped = async (taped: number[], samples: number) => {
      const isThere = () => taped.length - taped.findIndex((sample) => sample !== 0) >= samples && taped.some(Boolean);
      for (const end = performance.now() + 10_000; !isThere() && performance.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const bursts = async (speaker: Awaited<ReturnType<Kit["openSpeaker"]>>, samples: Int16Array) => {
      const writer = speaker.getWriter();
      for (let i = 0; i < samples.length; i += 9600) await writer.write(samples.subarray(i, i + 9600));
      writer.releaseLock();
    };
    const result: Record<string, unknown> = {};

    const sent = chirp(RATE * 2);
    const playAll = async () => {
      const plain = await record();
      await bursts(plain.speaker, sent);
      await plain.speaker.close();
      await isTaped(plain.taped, sent.length);
      result.plain = compare(plain.taped, sent);
      result.reportedMs = plain.speaker.position?.playedMs;
      await plain.context.close();
    };
    const playAndCut = async () => {
      const cut = await record();
      await bursts(cut.speaker, sent);
      await isTaped(cut.taped, RATE / 4);
      // In audio, not in time: however long a busy machine holds up the page, no more than this is heard.
      const askedFrame = cut.context.currentTime * RATE;
      const position = await cut.speaker.flush();
      // All of it is taped once silence is.
      const silentFor = () => cut.taped.length - 1 - cut.taped.findLastIndex((sample) => sample !== 0);
      for (const end = performance.now() + 10_000; silentFor() < RATE / 5 && performance.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const first = cut.taped.findIndex((sample) => sample !== 0);
      const last = cut.taped.findLastIndex((sample) => sample !== 0);
      result.heardAfterMs = (cut.isAt.frame! + last + 1 - askedFrame) / 24;
      result.stopped = { reported: position?.playedMs, taped: (last - first + 1) / 24 };
      let step = 0;
      for (let i = first + 1; i < cut.taped.length; i++) {
        step = Math.max(step, Math.abs(cut.taped[i]! - cut.taped[i - 1]!));
      }
      let own = 0;
      for (let i = 1; i <= last - first; i++) own = Math.max(own, Math.abs(sent[i]! - sent[i - 1]!) / 32768);
      result.step = [step, own];
      // Audio after a cut is heard.
      cut.taped.length = 0;
      await bursts(cut.speaker, sent.subarray(0, 4800));
      await isTaped(cut.taped, 4800);
      result.afterCut = compare(cut.taped, sent.subarray(0, 4800));
      cut.speaker.stop();
      await cut.context.close();
    };
    await Promise.all([playAll(), playAndCut()]);

    const busy = await record();
    await bursts(busy.speaker, sent);
    for (let i = 0; i < 10; i++) {
      const end = performance.now() + 180;
      while (performance.now() < end);
      await new Promise((resolve) => setTimeout(resolve));
    }
    await busy.speaker.close();
    await isTaped(busy.taped, sent.length);
    result.busy = compare(busy.taped, sent);
    await busy.context.close();
    return result;
  });
  assertEquals([outcome.plain, outcome.busy, outcome.afterCut], [0, 0, 0]);
  assertEquals(outcome.reportedMs, 2000);
  const { reported, taped } = outcome.stopped as { reported: number; taped: number };
  assert(Math.abs(reported - taped) < 1, `reported ${reported} ms, heard ${taped} ms`);
  const [step, own] = outcome.step as [number, number];
  assert(step <= own * 1.05, `a step of ${step} in a signal with steps of ${own} is a click`);
  const heardAfterMs = outcome.heardAfterMs as number;
  assert(heardAfterMs < 100, `${heardAfterMs} ms were heard after flush()`);
});

testTogether({
  "openMicrophone() delivers 24 kHz at any context rate, mutes, switches devices and does not stop borrowed tracks":
    hearMicrophone,
  "The worklet loads without a policy and, with script-src 'self', from its file or workletUrl; otherwise the error names CSP":
    loadWorklet,
});

async function hearMicrophone(): Promise<void> {
  await using files = serveFiles(await kitFiles());
  const browser = await beepingBrowser();
  await using page = await openKitPage(browser, files);
  const outcome = await page.evaluate(async () => {
    const rates: number[] = [];
    // It ends with a block that had to be awaited: what waited while the page was held up has been read by then.
    const read = async (microphone: ReadableStream<Int16Array>, ms: number) => {
      const reader = microphone.getReader();
      const samples: number[] = [];
      for (let waitedMs = 0; samples.length < ms * 24 || waitedMs < 3;) {
        const start = performance.now();
        const { done, value = new Int16Array() } = await reader.read();
        if (done) throw new Error(`The microphone ended after ${samples.length} samples`);
        waitedMs = performance.now() - start;
        samples.push(...value);
      }
      reader.releaseLock();
      return {
        count: samples.length,
        peak: samples.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
      };
    };
    await Promise.all([48_000, 44_100, 24_000].map(async (sampleRate) => {
      const context = new AudioContext({ sampleRate });
      const microphone = await kit.openMicrophone({ audioContext: context });
      await read(microphone, 100);
      const measure = async () => {
        // By the clock of the sound itself, which a busy machine holds up as well.
        const start = context.currentTime;
        const { count } = await read(microphone, 1000);
        return count / (context.currentTime - start);
      };
      let rate = await measure();
      // Sound from before the start may arrive late: only then, it is measured again.
      for (let left = 5; left > 0 && Math.abs(rate - 24_000) > 6_000; left--) rate = await measure();
      rates.push(rate);
      microphone.stop();
      if (microphone.track.readyState !== "ended") throw new Error("a stopped microphone must be released");
      await context.close();
    }));
    const microphone = await kit.openMicrophone();
    const loud = await read(microphone, 1200);
    microphone.mute();
    await read(microphone, 300);
    const muted = await read(microphone, 1200);
    microphone.unmute();
    const devices = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "audioinput");
    const changed: string[] = [];
    microphone.on("changed", ({ track }) => changed.push(track.label));
    await microphone.switchTo(devices.at(-1)!.deviceId);
    const afterSwitch = await read(microphone, 1200);
    const error = await microphone.switchTo("no such device").catch((error: Error) => error);
    await microphone.cancel();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const borrowed = await kit.openMicrophone({ source: stream });
    borrowed.stop();
    const left = stream.getAudioTracks()[0]!.readyState;
    stream.getAudioTracks()[0]!.stop();
    return {
      rates,
      peaks: [loud.peak, muted.peak, afterSwitch.peak],
      changed: changed.length,
      code: error && "code" in error && error.code,
      ended: microphone.track.readyState,
      left,
      settings: microphone.settings.echoCancellation !== undefined,
    };
  });
  // An unconverted 16 or 44.1 kHz is farther away.
  for (const rate of outcome.rates) assert(Math.abs(rate - 24_000) <= 6_000, `${rate} samples a second`);
  const [loud = 0, muted, afterSwitch = 0] = outcome.peaks;
  assert(loud > 1000 && afterSwitch > 1000, `peaks ${outcome.peaks}`);
  assertEquals(muted, 0, `peaks ${outcome.peaks}`);
  assertEquals([outcome.changed, outcome.code, outcome.ended, outcome.left], [1, "not_found", "ended", "live"]);
}

async function loadWorklet(): Promise<void> {
  const browser = await beepingBrowser();
  const load = async (csp: string | undefined, files: Record<string, string>, workletUrl?: string) => {
    await using server = serveFiles({ ...await kitFiles(), ...files }, csp ? { "content-security-policy": csp } : {});
    await using page = await openKitPage(browser, server, { quiet: true });
    return await page.evaluate(async (workletUrl) => {
      try {
        const speaker = await kit.openSpeaker({ workletUrl });
        const writer = speaker.getWriter();
        await writer.write(new Int16Array(2400).fill(1000));
        await writer.close();
        return speaker.position?.playedMs;
      } catch (error) {
        return String(error);
      }
    }, workletUrl);
  };
  const [failure, ...played] = await Promise.all([
    load("script-src 'self'", {}),
    // One bundle without files beside it, as esbuild makes it.
    load(undefined, {}),
    load("script-src 'self' blob:", {}),
    load("script-src 'self'", { "/assets/audio.js": WORKLET }, "/assets/audio.js"),
    // With the file beside the module, as plain modules, Vite and webpack have it.
    load("script-src 'self'", { "/worklet.js": WORKLET }),
    // A wrong workletUrl is not fatal.
    load(undefined, {}, "/missing.js"),
  ]);
  assertMatch(String(failure), /Content-Security-Policy.*workletUrl/);
  assertEquals(played, [100, 100, 100, 100, 100]);
}
