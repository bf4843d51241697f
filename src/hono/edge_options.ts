/**
 * Options of calls.
 *
 * @category Edge app
 */
export interface CallOptions {
  /**
   * Whether a page's offer may have a data channel. Over one a page can change the session, answer for tools and read
   * instructions. With `"forbid"` an offer must have one active audio section and nothing else, and the page follows its
   * call by `GET /calls/:callId/events`. What passes the data channel of a Live session is for its policy to say, so that
   * these are forbidden only where this says so.
   *
   * @default {"forbid" when the server controls calls, by `onCall` or `watch`; otherwise "allow"}
   */
  dataChannel?: "forbid" | "allow" | undefined;
  /**
   * Whether the app attaches to every call that it starts, unless `onCall` has done so: to count what it uses, to know
   * when it ends, and to keep its events for `GET /calls/:callId/events`. A call that cannot be attached to is hung up.
   * The connection lives in the process that the call began in; on Workers it does not outlive the request: use a Durable
   * Object there.
   *
   * @default {true when limits bound the tokens, cost or responses, or the idle time; otherwise false}
   */
  watch?: boolean | undefined;
  /**
   * How long a call may be without its sideband after that has dropped, in milliseconds, at least 0. Meanwhile the app, or
   * the session that `attach` gave, tries to attach again; events of that time are lost, and the usage in them is not
   * counted. Then, or as soon as the API refuses another connection, the call is hung up. 0 hangs up at once.
   *
   * @default {30000}
   */
  reattachMs?: number | undefined;
  /**
   * How many events of a call are kept for pages that ask later, a whole number from 1; with one more the oldest goes. No
   * more than 4 Mi characters are kept, however few events they are.
   *
   * @default {256}
   */
  maxKeptEvents?: number | undefined;
}

/**
 * Options of relays, beside their filter and their limits.
 *
 * @category Edge app
 */
export interface RelayOptions {
  /**
   * How long a relay waits for a page whose connection broke, in milliseconds, at least 0. A page learns its token by the
   * event `relay.ready` and comes back with `GET /relay?resume=TOKEN&last_event_id=ID`; what it has missed is sent again.
   * `relay.resumed` says `missed` when something of that is not kept any more. It has to reach the same process. A page that closes with code 1000 is not waited for.
   *
   * @default {0}
   */
  resumeMs?: number | undefined;
  /**
   * How often it is looked whether the page is still there, in milliseconds, at least 1000: by WebSocket pings on Node,
   * elsewhere by an event `relay.ping` to pages that asked for it with `?heartbeat=1`, which answer with any frame. A
   * page that is silent for two of these is taken for gone. Deno and Bun ping pages by themselves.
   *
   * @default {30000}
   */
  heartbeatMs?: number | undefined;
  /**
   * How many responses in a row a relay requests for the outputs of `tools`, a whole number from 0, without a turn of
   * the user or a request of the page in between. Then outputs are still sent, and `onError` hears of it.
   *
   * @default {16}
   */
  toolRounds?: number | undefined;
}
