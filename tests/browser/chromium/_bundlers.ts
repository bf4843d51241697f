// The audio worklet of the packed module, as each bundler ships it, with and without a Content-Security-Policy. Run by
// `tests/_tools/package/packed_module.ts` in a project with the tarball and the bundlers; the gate leaves it out.
import { assertEquals, assertMatch } from "@std/assert";
import type { Browser } from "playwright-core";
import { openChromium } from "./_chromium.ts";

/** The project. */
const PROJECT = Deno.cwd();
/** The sources in `script-src`, besides that of the import map of plain modules. */
const SELF = "script-src 'self' 'nonce-map'";
/** Where the package's own worklet is served, away from the page. */
const ASSET = "/assets/audio/worklet.js";
const TYPES: Readonly<Record<string, string>> = { html: "text/html; charset=utf-8", css: "text/css" };

/** Serves a folder of the project. */
function serveFolder(folder: string, csp: string | undefined) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url }) => {
    const { pathname } = new URL(url);
    const extra = pathname === ASSET ? `${PROJECT}/node_modules/@oai-rt/edge/src/browser/worklet.js` : undefined;
    try {
      const body = await Deno.readFile(extra ?? `${PROJECT}/${folder}${pathname}`);
      const type = TYPES[pathname.split(".").at(-1)!] ?? "text/javascript";
      return new Response(body, { headers: { "content-type": type, ...csp && { "content-security-policy": csp } } });
    } catch {
      return new Response("Not found", { status: 404 });
    }
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Opens the page and returns its outcome. */
async function play(browser: Browser, address: string): Promise<string> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(() => /^(played|failed)/.test(document.title), undefined, { timeout: 20_000 });
  const title = await page.title();
  await page.close();
  return title;
}

/** The outcomes of a built page: without a policy, under `'self'`, and under `'self'` with `workletUrl`. */
async function playAll(browser: Browser, folder: string, page = "sound.html"): Promise<readonly string[]> {
  await using free = serveFolder(folder, undefined);
  await using strict = serveFolder(folder, SELF);
  return [
    await play(browser, `${free.url}/${page}`),
    await play(browser, `${strict.url}/${page}`),
    await play(browser, `${strict.url}/${page}?workletUrl=${ASSET}`),
  ];
}

async function run(command: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr, stdout } = await new Deno.Command(command, { args: [...args], cwd: PROJECT }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${decode(stderr)}${decode(stdout)}`);
}

const PLAYED = "played 100 ms";

Deno.test("plain modules, Vite and webpack load the worklet, also with script-src 'self'", async () => {
  await using browser = await openChromium();
  const map = JSON.stringify({
    imports: {
      "@oai-rt/edge/browser": "/node_modules/@oai-rt/edge/src/browser/mod.js",
      "valibot": "/node_modules/valibot/dist/index.mjs",
    },
  });
  const html = await Deno.readTextFile(`${PROJECT}/sound.html`);
  const withMap = html.replace("<body>", `<body><script type="importmap" nonce="map">${map}</script>`);
  await Deno.writeTextFile(`${PROJECT}/plain.html`, withMap);
  assertEquals(await playAll(browser, "", "plain.html"), [PLAYED, PLAYED, PLAYED], "plain modules");
  for (const bundler of ["vite", "webpack"]) {
    await run("node", "bundle_sound.js", bundler);
    assertEquals(await playAll(browser, `sound/${bundler}`), [PLAYED, PLAYED, PLAYED], bundler);
  }
});

Deno.test("Vite's dev server loads the worklet from the pre-bundled package", async () => {
  await using browser = await openChromium();
  for (const csp of [undefined, SELF]) {
    const env = { PAGE_HEADERS: JSON.stringify(csp ? { "content-security-policy": csp } : {}) };
    const server = new Deno.Command("node", {
      args: ["bundle_sound.js", "vite dev"],
      cwd: PROJECT,
      env,
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    try {
      const { value = new Uint8Array() } = await server.stdout.getReader().read();
      const port = Number(new TextDecoder().decode(value));
      assertEquals(await play(browser, `http://127.0.0.1:${port}/sound.html`), PLAYED, csp);
      const { headers } = await fetch(`http://127.0.0.1:${port}/sound.html`);
      assertEquals(headers.get("content-security-policy") ?? undefined, csp);
      const loaded = await (await fetch(`http://127.0.0.1:${port}/sound.js`)).text();
      assertMatch(loaded, /\.vite\/deps\//);
    } finally {
      server.kill();
      await server.status;
    }
  }
});

Deno.test("esbuild and deno bundle need workletUrl under script-src 'self', and the page explains it", async () => {
  await using browser = await openChromium();
  await run("node", "bundle_sound.js", "esbuild");
  await Deno.mkdir(`${PROJECT}/sound/deno`, { recursive: true });
  await Deno.copyFile(`${PROJECT}/sound.html`, `${PROJECT}/sound/deno/sound.html`);
  const options = ["--quiet", "--node-modules-dir=manual", "--platform", "browser", "--minify"];
  await run(Deno.execPath(), "bundle", ...options, "-o", "sound/deno/sound.js", "sound.js");
  for (const bundler of ["esbuild", "deno"]) {
    const [free, strict, withUrl] = await playAll(browser, `sound/${bundler}`);
    assertEquals([free, withUrl], [PLAYED, PLAYED], bundler);
    assertMatch(strict!, /^failed: .*Content-Security-Policy.*workletUrl/s, bundler);
  }
});
