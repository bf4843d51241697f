/**
 * Options of calls.
 *
 * @category Edge app
 */
export interface CallOptions {
  /**
   * Whether a page's offer may have a data channel. Over one, a page can change the session, answer for tools and read
   * instructions. With `"forbid"`, an offer must have one active audio section and nothing else, and the page follows
   * its call by `GET /calls/:callId/events`. As the policy of a Live session limits its data channel, those are
   * forbidden only if `"forbid"` is set explicitly.
   *
   * @default {"forbid" when the server controls calls, by `onCall` or `watch`; otherwise "allow"}
   */
  dataChannel?: "forbid" | "allow" | undefined;
  /**
   * Whether the app attaches to every call that it starts, unless `onCall` has done so: to meter it, to detect its end,
   * and to keep its events for `GET /calls/:callId/events`. A call that cannot be attached to is hung up. The
   * connection lives in the process that started the call; on Workers it does not outlive the request: use a Durable
   * Object there.
   *
   * @default {true when limits bound the tokens, cost or responses, or the idle time; otherwise false}
   */
  watch?: boolean | undefined;
  /**
   * Time that a call may be without its sideband after a drop, in milliseconds, at least 0. Meanwhile the app, or the
   * session returned by `attach`, tries to attach again; events in between are lost, and their usage is not counted.
   * After that, or as soon as the API rejects another connection, the call is hung up. 0 hangs up immediately.
   *
   * @default {30000}
   */
  reattachMs?: number | undefined;
  /**
   * Number of events of a call that are kept for later readers, an integer of at least 1; with one more, the oldest is
   * dropped. At most 4 Mi characters are kept, regardless of the number of events.
   *
   * @default {256}
   */
  maxKeptEvents?: number | undefined;
}

/**
 * Options of relays, besides their filter and their limits.
 *
 * @category Edge app
 */
export interface RelayOptions {
  /**
   * Time that a relay waits for a page whose connection broke, in milliseconds, at least 0. A page receives its token
   * in the event `relay.ready` and reconnects with `GET /relay?resume=TOKEN&last_event_id=ID`; missed events are sent
   * again. `missed` in `relay.resumed` means that some of them were no longer kept. The request has to reach the same
   * process, or the same Durable Object. A page that closes with code 1000 is not waited for. On Workers outside a
   * Durable Object, a relay ends with the connection of its page, and this option counts as 0.
   *
   * @default {0}
   */
  resumeMs?: number | undefined;
  /**
   * Interval of the checks whether the page is still connected, in milliseconds, at least 1000: by an event
   * `relay.ping` to pages that requested it with `?heartbeat=1`, as `connectRelay` does, and by WebSocket pings to all
   * others on Node. A page answers with `{"type":"relay.pong"}`; any other frame also shows that it is connected, but
   * counts as its activity (`limits.idleMs`). A page that is silent for two intervals counts as disconnected, and
   * `connectRelay` gives up a connection that is silent for three. Deno and Bun also ping pages by themselves.
   *
   * @default {30000}
   */
  heartbeatMs?: number | undefined;
  /**
   * Maximum number of consecutive responses that a relay requests for the outputs of `tools`, an integer of at least 0,
   * without a turn of the user or a request of the page in between. Beyond it, outputs are still sent, and `onError` is
   * called.
   *
   * @default {16}
   */
  toolRounds?: number | undefined;
}
