import type { ClientErrorStatusCode, ServerErrorStatusCode } from "hono/utils/http-status";
import type { Problem } from "./problem.ts";

/**
 * A client secret, as returned by `POST /client_secrets`.
 *
 * @category Edge app
 */
export interface MintedSecret {
  /** The secret, `ek_…`. */
  value: string;
  /** Expiry, as Unix time in seconds. */
  expires_at: number;
}

/**
 * A call, as returned by `POST /calls` and `POST /live/sessions` if only JSON is accepted.
 *
 * @category Edge app
 */
export interface StartedCall {
  /** SDP answer. */
  sdp: string;
  /** Id of the call: `rtc_…`, or `live_…` for a session of the Live API. */
  call_id: string;
  /** Token with which the page hangs up, and follows the call. */
  call_token: string;
}

/**
 * The routes of an edge app, for `hc<RealtimeApp>(origin + "/realtime")` of `hono/client`. A page may set the fields of
 * `clientMayOverride` for its session, as in `session.update`.
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
      /**
       * `resume`: token of the relay to resume; `last_event_id`: the last event received; `heartbeat`: pings are
       * answered.
       */
      input: { query: { resume?: string; last_event_id?: string; heartbeat?: string } };
      output: object;
      outputFormat: "ws";
      status: 101;
    };
  };
};
