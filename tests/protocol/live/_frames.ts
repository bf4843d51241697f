import client from "../../fixtures/frames/live_client_events.json" with { type: "json" };
import fork from "../../fixtures/frames/live_fork_client_events.json" with { type: "json" };
import server from "../../fixtures/frames/live_server_events.json" with { type: "json" };
import sideband from "../../fixtures/frames/live_sideband_client_events.json" with { type: "json" };
import webhook from "../../fixtures/frames/live_webhook_events.json" with { type: "json" };
import type { Frames } from "../_frames.ts";

export type Table = Readonly<Record<string, Frames>>;

/** Client events by connection. */
export const liveClientFrames = { primary: client, sideband, fork } as unknown as Readonly<
  Record<"primary" | "sideband" | "fork", Table>
>;
export const liveServerFrames = server as unknown as Table;
export const liveWebhookFrames = webhook as unknown as Table;
