import type { AttachLiveOptions, LiveSession } from "../live/mod.ts";
import type { LiveMediaSessionConfig } from "../protocol/mod.ts";
import type { EdgeCall } from "./edge_call.ts";

/**
 * The server's view of a Live session of a page or a telephone that has begun; its id is `live_…`.
 *
 * @category Edge app
 */
export interface EdgeLiveCall extends Omit<EdgeCall, "session" | "attach"> {
  /** Initial settings. */
  readonly session: LiveMediaSessionConfig;
  /**
   * Joins the session: the server handles delegations, runs tools, and says, informs and instructs. It lives as long as
   * the session, where the platform allows that: on Workers use a Durable Object. After a drop it attaches again, as its
   * option `recovery` specifies, for at most `calls.reattachMs`; if that fails, the session is ended. The options are
   * those of `attachLive`, except the target and the credentials.
   */
  attach(
    options?: Omit<
      AttachLiveOptions,
      "apiKey" | "azure" | "baseUrl" | "organization" | "project" | "transport" | "url"
    >,
  ): Promise<LiveSession>;
}
