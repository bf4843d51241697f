const FOLDER = new URL("./page/", import.meta.url);

/** Types by the end of a name. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

/** Content security policy: everything comes from here. `blob:` is for the audio worklet. */
const HEADERS = {
  "cache-control": "no-cache",
  "content-security-policy":
    "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'self' blob:; style-src 'self'; connect-src 'self' ws: https://api.openai.com wss://api.openai.com; img-src 'self' data:; media-src 'self' blob:",
  "permissions-policy": "microphone=(self), speaker-selection=(self), screen-wake-lock=(self)",
};

/** The files of the page. */
export interface PageFiles {
  /** Answers a request for a path. */
  answer(path: string): Response;
}

/** Reads the files, and bundles the scripts: browsers do not read TypeScript. */
export async function readPageFiles(): Promise<PageFiles> {
  const read = (name: string) => Deno.readTextFile(new URL(name, FOLDER));
  const [html, css, js, liveHtml, liveJs] = await Promise.all([
    read("index.html"),
    read("style.css"),
    bundle(new URL("main.ts", FOLDER)),
    read("live.html"),
    bundle(new URL("live.ts", FOLDER)),
  ]);
  const files: ReadonlyMap<string, string> = new Map([
    ["/", html],
    ["/style.css", css],
    ["/main.js", js],
    ["/live", liveHtml],
    ["/live.js", liveJs],
  ]);
  return {
    answer(path) {
      const body = files.get(path);
      if (body === undefined) return new Response("Not found", { status: 404 });
      const type = TYPES[path.split(".")[1] ?? "html"] ?? "text/plain";
      return new Response(body, { headers: { ...HEADERS, "content-type": type } });
    },
  };
}

async function bundle(module: URL): Promise<string> {
  const config = new URL("../simulator/media/deno.json", import.meta.url);
  const args = ["bundle", "--quiet", "--platform", "browser", "--config", config.pathname, module.pathname];
  const { code, stderr, stdout } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  if (code === 0) return new TextDecoder().decode(stdout);
  throw new Error(`Cannot bundle the page: ${new TextDecoder().decode(stderr)}`);
}
