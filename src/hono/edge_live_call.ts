import type { AttachLiveOptions, LiveSession } from "../live/mod.ts";
import type { LiveMediaSessionConfig } from "../protocol/mod.ts";
import type { EdgeCall } from "./edge_call.ts";

/**
 * A Live session of a page or a telephone that has begun, in the hands of the server; its id is `live_…`.
 *
 * @category Edge app
 */
export interface EdgeLiveCall extends Omit<EdgeCall, "session" | "attach"> {
  /** Settings that it began with. */
  readonly session: LiveMediaSessionConfig;
  /**
   * Joins the session: the server does what the model delegates, runs tools, and says, informs and instructs. It lives as
   * long as the session, wherever that is allowed: on Workers in a Durable Object. The options are those of `attachLive`
   * that are not about where, and as whom.
   */
  attach(
    options?: Omit<
      AttachLiveOptions,
      "apiKey" | "azure" | "baseUrl" | "organization" | "project" | "safetyIdentifier" | "transport" | "url"
    >,
  ): Promise<LiveSession>;
}
