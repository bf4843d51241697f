// How a page reacts when the server freezes, is killed, or never exists.
import { assert, assertEquals } from "@std/assert";
import { kitFiles, openChromium, openKitPage, serveFiles } from "./_chromium.ts";
import type { Kit } from "./_kit.ts";
import { startMediaSimulator } from "./_simulator.ts";

declare const kit: Kit;

Deno.test("A server that freezes for 9 s keeps its call, and killing it ends the call with 1006 within half a minute", async () => {
  await using simulator = await startMediaSimulator();
  await using files = serveFiles(await kitFiles());
  await using browser = await openChromium();
  const page = await openKitPage(browser, files);
  page.setDefaultTimeout(60_000);
  const log: string[] = [];
  await page.exposeFunction("note", (line: string) => void log.push(line));
  await page.evaluate(async ([baseUrl, secret]) => {
    const { note } = globalThis as unknown as { note(line: string): void };
    const transport = await kit.connectWebRtc({ exchange: kit.withSecret(() => secret, { baseUrl }) });
    transport.on("connection", ({ state }) => note(state));
    void transport.closed.then(({ code, reason }) => note(`closed ${code} ${reason}`));
    Object.assign(globalThis, { transport });
  }, [simulator.baseUrl, await simulator.mint({ audio: { input: { turn_detection: null } } })] as const);
  const until = async (line: string, timeoutMs: number) => {
    const start = performance.now();
    while (!log.some((each) => each.startsWith(line)) && performance.now() - start < timeoutMs) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return performance.now() - start;
  };
  Deno.kill(simulator.mediaPid, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 9000));
  Deno.kill(simulator.mediaPid, "SIGCONT");
  await until("connected", 20_000);
  assertEquals(log, ["interrupted", "connected"]);

  log.length = 0;
  Deno.kill(simulator.mediaPid, "SIGKILL");
  const ms = await until("closed", 30_000);
  console.log(`    noticed after ${(ms / 1000).toFixed(1)} s`);
  assertEquals(log, ["interrupted", "closed 1006 The other side is gone"]);
  // Chromium gives up a peer after 16 s; on a busy machine, the event arrives later.
  assert(ms < 30_000, `noticed after ${ms} ms`);
  // The end releases everything.
  assertEquals(
    await page.evaluate(() => {
      const { transport } = globalThis as unknown as { transport: Awaited<ReturnType<Kit["connectWebRtc"]>> };
      return [transport.peer.connectionState, transport.microphone?.track.readyState];
    }),
    ["closed", "ended"],
  );
});
