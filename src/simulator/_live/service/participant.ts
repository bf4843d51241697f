// This module is browser compatible.
import type { LiveClientConfig, LiveConnection } from "../../../protocol/mod.ts";
import type { Socket } from "../../../transport/socket.ts";
import { ServerError } from "../../_errors/server_error.ts";

/** The role of a client in a session. */
export type ParticipantKind = "primary" | "fork" | "sideband" | "channel";

/** A client of a session. */
export interface Participant {
  /** Its role. */
  readonly kind: ParticipantKind;
  /** The server's end of the line to it. */
  readonly line: Socket;
  /** Whether a close frame follows the end of the session. */
  readonly isGraceful: boolean;
}

/**
 * Client events that the data channel of WebRTC rejects: audio is carried as media, and the session has already
 * started.
 */
const NOT_ON_CHANNEL: ReadonlySet<string> = new Set([
  "session.input_audio.append",
  "session.output_audio.fixture.play",
  "session.start",
]);

/** Sent to a data channel that may not send or receive every event. */
export const CHANNEL_RESTRICTED = {
  type: "info",
  code: "data_channel_permissions",
  message: "The data channel is restricted by the session's client.data_channel.",
} as const;

/** Server events of sidebands only. */
const ON_SIDEBAND_ONLY = /^(session\.input_audio\.append|transport\..*)$/;

/** The type of connection whose rules apply to a participant's events. */
export function connectionOf(kind: ParticipantKind): LiveConnection {
  return kind === "channel" ? "primary" : kind;
}

/** @throws {ServerError} when a client may not send an event of a type, according to the permissions of its data channel. */
export function assertMaySend(kind: ParticipantKind, type: string, client: LiveClientConfig | undefined): void {
  if (kind !== "channel") return;
  const allowed = client?.data_channel.allowed_client_events ?? "all";
  if (!NOT_ON_CHANNEL.has(type) && (allowed === "all" || allowed.includes(type))) return;
  throw new ServerError(`The data channel may not send '${type}'.`, { code: "event_not_allowed", param: "type" });
}

/** Whether a client receives an event of the server. */
export function maySee(
  kind: ParticipantKind,
  event: { readonly type: string; readonly event?: unknown },
  client: LiveClientConfig | undefined,
): boolean {
  const { type } = event;
  if (kind === "sideband") return true;
  if (ON_SIDEBAND_ONLY.test(type)) return false;
  if (kind !== "channel") return true;
  const allowed = client?.data_channel.allowed_server_events ?? "all";
  const nested = (event.event as { readonly type?: string } | undefined)?.type;
  return allowed === "all" ||
    allowed.some((selector) =>
      selector.type === type && (type !== "response.event" || selector.response_event === nested)
    );
}
