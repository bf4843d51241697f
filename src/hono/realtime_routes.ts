import type { ClientErrorStatusCode, ServerErrorStatusCode } from "hono/utils/http-status";
import type { Problem } from "./problem.ts";

/**
 * A client secret, as `POST /client_secrets` gives it.
 *
 * @category Edge app
 */
export interface MintedSecret {
  /** The secret, `ek_…`. */
  value: string;
  /** Until when it starts sessions, as Unix time in seconds. */
  expires_at: number;
}

/**
 * A call, as `POST /calls` and `POST /live/sessions` give it to those who accept JSON only.
 *
 * @category Edge app
 */
export interface StartedCall {
  /** SDP answer. */
  sdp: string;
  /** Id of the call: `rtc_…`, or `live_…` for a session of the Live API. */
  call_id: string;
  /** What the page shows to hang up, and to follow the call. */
  call_token: string;
}

/**
 * The routes of an edge app, for `hc<RealtimeApp>(origin + "/realtime")` of `hono/client`. A page may ask for a session of
 * its own with the fields of `clientMayOverride`, as in `session.update`.
 *
 * @category Edge app
 */
export type RealtimeRoutes = {
  "/client_secrets": {
    $post:
      & { input: { json?: { session?: Record<string, unknown> } }; outputFormat: "json" }
      & ({ output: MintedSecret; status: 200 } | {
        output: Problem;
        status: ClientErrorStatusCode | ServerErrorStatusCode;
      });
  };
  "/calls": {
    $post:
      & { input: { json: { sdp: string; session?: Record<string, unknown> } }; outputFormat: "json" }
      & ({ output: StartedCall; status: 201 } | {
        output: Problem;
        status: ClientErrorStatusCode | ServerErrorStatusCode;
      });
  };
  "/calls/:callId/hangup": {
    $post:
      & { input: { param: { callId: string }; header: { "X-Realtime-Call-Token": string } } }
      & (
        | { output: null; outputFormat: "body"; status: 204 }
        | { output: Problem; outputFormat: "json"; status: ClientErrorStatusCode | ServerErrorStatusCode }
      );
  };
  "/calls/:callId/events": {
    $get:
      & { input: { param: { callId: string }; header: { "X-Realtime-Call-Token": string } } }
      & (
        | { output: string; outputFormat: "text"; status: 200 }
        | { output: Problem; outputFormat: "json"; status: ClientErrorStatusCode | ServerErrorStatusCode }
      );
  };
  "/live/sessions": RealtimeRoutes["/calls"];
  "/live/sessions/:callId/hangup": RealtimeRoutes["/calls/:callId/hangup"];
  "/live/sessions/:callId/events": RealtimeRoutes["/calls/:callId/events"];
  "/live/relay": RealtimeRoutes["/relay"];
  "/health": {
    $get: { input: object; output: { status: "ok" | "closing" }; outputFormat: "json"; status: 200 | 503 };
  };
  "/openapi.json": {
    $get: { input: object; output: Record<string, unknown>; outputFormat: "json"; status: 200 };
  };
  "/relay": {
    $get: {
      /** `resume`: token of a relay to come back to; `last_event_id`: the last event seen; `heartbeat`: pings are answered. */
      input: { query: { resume?: string; last_event_id?: string; heartbeat?: string } };
      output: object;
      outputFormat: "ws";
      status: 101;
    };
  };
};
