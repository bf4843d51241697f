import type { Problem } from "./problem.ts";

/** Statuses of problems that any route may answer with. */
export type ProblemStatus =
  | 400
  | 403
  | 404
  | 405
  | 408
  | 409
  | 410
  | 413
  | 415
  | 422
  | 426
  | 429
  | 500
  | 502
  | 503
  | 504;

/** An answer that is a problem. A type alias, as Hono asks for types that could be indexed. */
export type ProblemAnswer<Input> = { input: Input; output: Problem; outputFormat: "json"; status: ProblemStatus };

/** A client secret, as `POST /client_secrets` gives it. */
export interface MintedSecret {
  /** The secret, `ek_…`. */
  value: string;
  /** Until when it starts sessions, as Unix time in seconds. */
  expires_at: number;
}

/** A call, as `POST /calls` gives it to those who accept JSON only. */
export interface StartedCall {
  /** SDP answer. */
  sdp: string;
  /** Id of the call. */
  call_id: string;
  /** What the page shows to hang up, and to follow the call. */
  call_token: string;
}

/** What a page may ask of a session: the fields of `clientMayOverride`. */
export interface SessionWish {
  /** Settings by their fields, as in `session.update`. */
  session?: Record<string, unknown>;
}

/** The header of what belongs to a call. */
export interface CallInput {
  /** The call. */
  param: { callId: string };
  /** Its token, as it came with the call. */
  header: { "X-Realtime-Call-Token": string };
}

/** The routes of an edge app, for `hc<RealtimeApp>(origin + "/realtime")` of `hono/client`. */
export type RealtimeRoutes = {
  "/client_secrets": {
    $post:
      | { input: { json?: SessionWish }; output: MintedSecret; outputFormat: "json"; status: 200 }
      | ProblemAnswer<{ json?: SessionWish }>;
  };
  "/calls": {
    $post:
      | { input: { json: SessionWish & { sdp: string } }; output: StartedCall; outputFormat: "json"; status: 201 }
      | ProblemAnswer<{ json: SessionWish & { sdp: string } }>;
  };
  "/calls/:callId/hangup": {
    $post: { input: CallInput; output: null; outputFormat: "body"; status: 204 } | ProblemAnswer<CallInput>;
  };
  "/calls/:callId/events": {
    $get: { input: CallInput; output: string; outputFormat: "text"; status: 200 } | ProblemAnswer<CallInput>;
  };
  "/health": {
    $get: { input: object; output: { status: "ok" | "closing" }; outputFormat: "json"; status: 200 | 503 };
  };
  "/openapi.json": {
    $get: { input: object; output: Record<string, unknown>; outputFormat: "json"; status: 200 };
  };
  "/relay": {
    $get: { input: { query: RelayQuery }; output: object; outputFormat: "ws"; status: 101 };
  };
};

/** The query of a relay. */
export interface RelayQuery {
  /** Token of a relay to come back to. */
  resume?: string;
  /** The last event that the page has seen. */
  last_event_id?: string;
  /** That the page answers `relay.ping`. */
  heartbeat?: string;
}
