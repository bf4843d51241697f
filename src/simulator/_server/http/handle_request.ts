// This module is browser compatible.
import { failureOf, ServerError, serverError } from "../../_errors/server_error.ts";
import { ConnectionBroken } from "../../_faults/rest_faults.ts";
import { apiPath } from "../api_path.ts";
import type { Service } from "../service.ts";
import { preflight, READABLE_BY_PAGES } from "./cors.ts";
import { findRoute } from "./routes.ts";

/** Status of an answer that has become a WebSocket. */
const SWITCHING_PROTOCOLS = 101;

/** Answers a request to the API. */
export async function handleRequest(request: Request, service: Service): Promise<Response> {
  const response = await respond(request, service).catch(toErrorResponse);
  if (response.status === SWITCHING_PROTOCOLS) return response;
  response.headers.set("x-request-id", service.host.ids("req"));
  if (!request.headers.has("origin")) return response;
  for (const [name, value] of Object.entries(READABLE_BY_PAGES)) response.headers.set(name, value);
  return response;
}

async function respond(request: Request, service: Service): Promise<Response> {
  if (service.isClosed()) {
    throw new ServerError("The simulator is closed.", { type: "server_error", code: null, status: 503 });
  }
  const url = new URL(request.url);
  const found = findRoute(apiPath(url) ?? "", request.method);
  if (!found) {
    throw serverError("unknown_url", { method: request.method, path: url.pathname });
  }
  const { callId, route } = found;
  if (request.method === "OPTIONS") return preflight(request, route.method);
  if (request.method !== route.method) {
    throw serverError("wrong_method", { method: request.method, path: url.pathname }, {
      headers: { allow: route.method },
    });
  }
  // Copied, as the headers cannot be read once the request has been upgraded.
  const headers = new Headers(request.headers);
  const protocols = (headers.get("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
  const exchange = { request, client: { url, headers, protocols }, callId, service };
  if (route.method === "GET") return await route.handle(exchange);
  await service.host.afterRestLatency();
  return await service.host.restFaults.answer(route.path, async () => await route.handle(exchange));
}

/** An error in the API's form. */
function toErrorResponse(error: unknown): Response {
  if (error instanceof ConnectionBroken) throw error;
  const { code, headers, message, param, status, type } = failureOf(error);
  return Response.json({ error: { message, type, param, code } }, { status, headers });
}
