import { fileURLToPath } from "node:url";

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
  answer(path: string): Promise<Response>;
}

/** The files by their paths. Scripts are bundled, as browsers do not read TypeScript. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ["/", "index.html"],
  ["/style.css", "style.css"],
  ["/main.js", "main.ts"],
  ["/live", "live.html"],
  ["/live.js", "live.ts"],
]);

/** The files as they are now: each is read, or bundled, when it is first asked for. */
export function pageFiles(): PageFiles {
  const bodies = new Map<string, Promise<string>>();
  return {
    async answer(path) {
      const source = SOURCES.get(path);
      if (source === undefined) return new Response("Not found", { status: 404 });
      const url = new URL(source, FOLDER);
      const body = bodies.get(path) ?? (source.endsWith(".ts") ? bundle(url) : Deno.readTextFile(url));
      bodies.set(path, body);
      // A failure is not kept: a reload tries again.
      body.catch(() => bodies.delete(path));
      const type = TYPES[path.split(".")[1] ?? "html"] ?? "text/plain";
      return new Response(await body, { headers: { ...HEADERS, "content-type": type } });
    },
  };
}

async function bundle(module: URL): Promise<string> {
  const config = fileURLToPath(new URL("../simulator/media/deno.json", import.meta.url));
  const args = ["bundle", "--quiet", "--platform", "browser", "--config", config, module.href];
  const { code, stderr, stdout } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  if (code === 0) return new TextDecoder().decode(stdout);
  throw new Error(`Cannot bundle the page: ${new TextDecoder().decode(stderr)}`);
}
