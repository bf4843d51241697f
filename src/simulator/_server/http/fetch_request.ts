// This module is browser compatible.
import { withTimeout } from "../../../_internal/timeout.ts";
import type { Service } from "../service.ts";
import { handleRequest } from "./handle_request.ts";

/**
 * Answers as the `fetch` of a client or, with a request, as the handler of a server. Only the former rejects when the
 * signal of `init` is aborted: a server whose client has gone expects an answer nevertheless.
 */
export async function fetchRequest(
  input: Request | URL | string,
  init: RequestInit | undefined,
  service: Service,
): Promise<Response> {
  if (input instanceof Request) return await handleRequest(input, service);
  const request = new Request(input, init);
  return await withTimeout(() => handleRequest(request, service), { signal: init?.signal ?? undefined });
}
