import { assert, assertRejects } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import type { DialRequest } from "../../src/transport/socket.ts";

/** A key that must not show up in any error. */
export const CANARY = "sk-canary";

/** A request to dial a server, with the key in a header. */
export function requestTo(baseUrl: string, signal = new AbortController().signal): DialRequest {
  const headers = new Headers({ "Authorization": `Bearer ${CANARY}`, "OpenAI-Project": "proj" });
  return { url: new URL(`${baseUrl}/realtime?model=m`), headers, protocols: [], signal };
}

/** The error that dialing ends in; fails when a key is in it anywhere. */
export async function refusal(promise: Promise<unknown>): Promise<ConnectionError> {
  const error = await assertRejects(() => promise, ConnectionError);
  const everything = `${error.stack} ${JSON.stringify(error)} ${Deno.inspect(error, { depth: 10 })}`;
  assert(!everything.includes("canary"), everything);
  return error;
}
