import { assert, assertRejects } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import type { DialRequest } from "../../src/transport/socket.ts";

/** A key that must not appear in any error. */
export const CANARY = "sk-canary";

/** A request to dial a server, with the key in a header. */
export function requestTo(baseUrl: string, signal = new AbortController().signal): DialRequest {
  const headers = new Headers({ "Authorization": `Bearer ${CANARY}`, "OpenAI-Project": "proj" });
  return { url: new URL(`${baseUrl}/realtime?model=m`), headers, protocols: [], signal };
}

/** The error of a failed dial; the test fails if the error contains a key. */
export async function refusal(promise: Promise<unknown>): Promise<ConnectionError> {
  const error = await assertRejects(() => promise, ConnectionError);
  const everything = `${error.stack} ${JSON.stringify(error)} ${Deno.inspect(error, { depth: 10 })}`;
  assert(!everything.includes("canary"), everything);
  return error;
}
