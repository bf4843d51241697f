// This module is browser compatible.
import { decodeId } from "../api_path.ts";
import { acceptCall, hangUpCall, referCall, rejectCall } from "./call_controls.ts";
import { createClientSecret, createTranslationSecret } from "./client_secret_handlers.ts";
import type { Handler } from "./exchange.ts";
import { createCall, createTranslationCall } from "./open_call.ts";
import { openSocket } from "./socket_handler.ts";
import { LIVE_ROUTES } from "../../_live/service/live_routes.ts";

/** An endpoint. */
export interface Route {
  /** HTTP method of the route. */
  readonly method: "GET" | "POST";
  /** Path below the API's version; `{call_id}` stands for any segment. */
  readonly path: string;
  /** Answers. */
  readonly handle: Handler;
}

/** The endpoints of the Realtime API and the Live API. */
const ROUTES: readonly Route[] = [
  { method: "GET", path: "/realtime", handle: openSocket },
  { method: "GET", path: "/realtime/translations", handle: openSocket },
  { method: "POST", path: "/realtime/client_secrets", handle: createClientSecret },
  { method: "POST", path: "/realtime/calls", handle: createCall },
  { method: "POST", path: "/realtime/calls/{call_id}/accept", handle: acceptCall },
  { method: "POST", path: "/realtime/calls/{call_id}/reject", handle: rejectCall },
  { method: "POST", path: "/realtime/calls/{call_id}/refer", handle: referCall },
  { method: "POST", path: "/realtime/calls/{call_id}/hangup", handle: hangUpCall },
  { method: "POST", path: "/realtime/translations/client_secrets", handle: createTranslationSecret },
  { method: "POST", path: "/realtime/translations/calls", handle: createTranslationCall },
  { method: "POST", path: "/realtime/translations/calls/{call_id}/hangup", handle: hangUpCall },
  ...LIVE_ROUTES,
];

/**
 * Finds the endpoint at a path, and the id of the call in it. Where several share the path, the method decides; when
 * none accepts the method, it is the first.
 */
export function findRoute(
  path: string,
  method: string,
): { readonly route: Route; readonly callId: string } | undefined {
  const segments = path.split("/");
  const fitting = ROUTES.filter((route) => {
    const wanted = route.path.split("/");
    return wanted.length === segments.length &&
      wanted.every((segment, index) => segment === "{call_id}" || segment === segments[index]);
  });
  const route = fitting.find((each) => each.method === method) ?? fitting[0];
  return route && { route, callId: decodeId(segments[route.path.split("/").indexOf("{call_id}")] ?? "") };
}
