/**
 * Runs the cases in a page of a headless Chromium, Debian's or the one at the path that is the argument: from one bundled
 * ESM file, against the simulator at `SIMULATOR_URL`, with a client secret that is minted for the page.
 *
 * @module
 */

import { RealtimeRest } from "@oai-rt/edge/rest";
import { chromium } from "playwright-core";
import { bundleModule } from "../../_tools/bundle.ts";
import { TEST_CONFIG } from "../../_tools/command.ts";
import { ROOT } from "../../_tools/repository.ts";
import { pageTarget, serverTarget } from "../_target.ts";
import { report } from "./report.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Serves an empty page, and the module that it imports. */
function servePage(module: string): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const [body, type] = url.endsWith("/module.js") ? [module, "text/javascript"] : ["<!doctype html>", "text/html"];
    return new Response(body, { headers: { "Content-Type": type } });
  });
}

const [executablePath = "/usr/bin/chromium"] = Deno.args;
const simulatorUrl = Deno.env.get("SIMULATOR_URL") ?? "";
const { apiKey, baseUrl } = serverTarget(simulatorUrl);
const secret = await new RealtimeRest({ apiKey, baseUrl }).createClientSecret({ session: { type: "realtime" } });
await using server = servePage(
  await bundleModule(ROOT, "tests/runtime/_run_cases.ts", [TEST_CONFIG, "--platform", "browser"]),
);
await using browser = await chromium.launch({ executablePath, args: FLAGS });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.addr.port}/`);
const verdicts = await page.evaluate(async ([module, target]) => {
  const { runCases }: typeof import("../_run_cases.ts") = await import(module);
  return await runCases(target);
}, ["/module.js", pageTarget(simulatorUrl, secret.value)] as const);
report(verdicts);
