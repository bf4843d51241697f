/**
 * A marked key, and the search for it: every test of `tests/hono` and `tests/rest` uses this key. All responses of
 * apps, all errors and requests of clients, and all logs are searched for it. `canary_test.ts` ensures that no test
 * bypasses this.
 *
 * @module
 */
import type { Hono } from "hono";
import {
  createRealtimeApp as createUnsearchedApp,
  type RealtimeApp,
  type RealtimeAppOptions,
} from "../../src/hono/mod.ts";
import type { RealtimeRest } from "../../src/rest/mod.ts";

/** A key that must appear only in a header of requests to the API. */
export const CANARY = "sk-canary-of-the-edge";

/** Other spellings of it. */
const SPELLINGS = [CANARY, btoa(CANARY).slice(0, 20), CANARY.replaceAll("-", "%2D"), [...CANARY].reverse().join("")];

/** Number of searched values. */
export const searched = { answers: 0, errors: 0, logs: 0, requests: 0 };

/** @throws {Error} when the key, or one of the words, is in the text. */
export function assertWithout(text: string, words: readonly string[] = []): void {
  const found = [...SPELLINGS, ...words].find((word) => text.includes(word));
  if (found) throw new Error(`Cannot go on as ${JSON.stringify(found)} was given away: ${text}`);
}

/** Creates an app whose responses are searched, except when it is a route of another app. */
export function createRealtimeApp<Bindings extends object = object>(
  options: RealtimeAppOptions<Bindings>,
): RealtimeApp<Bindings> {
  return searchedApp(createUnsearchedApp(options));
}

/** Searches the answers of an app. */
// deno-lint-ignore no-explicit-any -- any environment
export function searchedApp<App extends Pick<Hono<any>, "fetch">>(app: App): App {
  const { fetch } = app;
  app.fetch = async (...args) => {
    const response = await fetch(...args);
    await assertAnswerWithout(response);
    return response;
  };
  return app;
}

/** @throws {Error} when the key, or one of the words, is in the answer. */
export async function assertAnswerWithout(response: Response, words: readonly string[] = []): Promise<void> {
  searched.answers++;
  assertWithout([response.url, response.statusText, ...response.headers].flat().join("\n"), words);
  // A stream of events does not end by itself; its reader searches it.
  if (response.headers.get("content-type") === "text/event-stream") return;
  assertWithout(await response.clone().text(), words);
}

/** @throws {Error} when the key, or one of the words, is in an error, its causes or anything else about it. */
export function assertErrorWithout(error: unknown, words: readonly string[] = []): void {
  searched.errors++;
  assertWithout(Deno.inspect(error, { depth: 10 }), words);
}

/** @throws {Error} when the key is in a request to the API, except in the header that carries it. */
export function assertRequestWithout({ headers, url }: Request, body: string): void {
  searched.requests++;
  const others = [...headers].filter(([name]) => name !== "authorization" && name !== "api-key");
  assertWithout([url, body, ...others].flat().join("\n"));
}

/** A client whose errors are searched. */
export function searchedRest(rest: RealtimeRest): RealtimeRest {
  return new Proxy(rest, {
    get: (_target, name: keyof RealtimeRest) => async (...args: unknown[]) => {
      try {
        return await (rest[name] as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        assertErrorWithout(error);
        throw error;
      }
    },
  });
}

for (const level of ["debug", "error", "info", "log", "warn"] as const) {
  const write = console[level];
  console[level] = (...words: unknown[]) => {
    searched.logs++;
    assertWithout(words.map((word) => typeof word === "string" ? word : Deno.inspect(word, { depth: 10 })).join("\n"));
    write(...words);
  };
}
