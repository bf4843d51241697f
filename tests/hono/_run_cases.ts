import { generateSignedCookie } from "hono/cookie";
import type { Case } from "./_cases.ts";
import { problemOf } from "./_edge.ts";
import { signedWebhook } from "./_webhook.ts";

/** Headers that servers may add. */
const OF_THE_SERVER = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "vary",
]);

/** Spellings that differ but have the same meaning. */
function inOneSpelling(name: string, value: string): string {
  return name === "content-type" ? value.toLowerCase().replace("; ", ";") : value;
}

/** The comparable part of a response. */
export interface ComparableAnswer {
  /** Status, and for a problem its code and its parameter. */
  readonly outcome: string;
  /** Headers, except for those that servers may add. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body. */
  readonly body: string;
}

/** Value of the header `Cookie` with which a visitor is logged in. */
export async function cookieOf(user: string, secret: string): Promise<string> {
  return (await generateSignedCookie("user", user, secret)).split(";")[0]!;
}

/** Sends the requests to the app one after the other, and returns the comparable part of its answers. */
export async function runCases(
  cases: readonly Case[],
  url: string,
  cookieSecret: string,
): Promise<Map<string, ComparableAnswer>> {
  const words: Record<string, string> = {
    alice: await cookieOf("alice", cookieSecret),
    bob: await cookieOf("bob", cookieSecret),
    origin: url,
    token: "",
  };
  const answers = new Map<string, ComparableAnswer>();
  for (const { body, headers, isChunked, method, name, path, webhook } of cases) {
    const filled = Object.entries(headers).map(([name, value]): [string, string] => [name, fill(value, words)]);
    const init: RequestInit = { method, headers: filled, redirect: "manual", body: body ?? null };
    if (isChunked) init.body = new Blob([body ?? ""]).stream();
    if (webhook) {
      const { ageSeconds = 0, ...options } = webhook;
      Object.assign(init, await signedWebhook({ timestamp: Math.floor(Date.now() / 1000) - ageSeconds, ...options }));
    }
    const response = await fetch(url + path, init);
    words.token = response.headers.get("x-realtime-call-token") ?? words.token!;
    answers.set(name, await comparable(response, words));
  }
  return answers;
}

function fill(value: string, words: Record<string, string>): string {
  return value.replaceAll(/\{(\w+)\}/g, (_, name) => words[name] ?? "");
}

async function comparable(response: Response, words: Record<string, string>): Promise<ComparableAnswer> {
  const id = response.headers.get("x-request-id") ?? "";
  const unify = (text: string) => {
    const known = [[words.token, "{token}"], [words.origin, "{origin}"], [id, id.length === 36 ? "{id}" : id]] as const;
    const unified = known.reduce((text, [value, name]) => value ? text.replaceAll(value, name) : text, text);
    return unified.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/, "{id}");
  };
  const headers = [...response.headers].filter(([name]) => !OF_THE_SERVER.has(name))
    .map(([name, value]) => [name, inOneSpelling(name, unify(value))]);
  const isProblem = response.status >= 400 && response.headers.get("content-type") === "application/json";
  const copy = response.clone();
  const body = unify(await response.text());
  return {
    outcome: isProblem && body !== "" ? await problemOf(copy) : `${response.status}`,
    headers: Object.fromEntries(headers),
    body,
  };
}
