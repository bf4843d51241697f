// This module is browser compatible.

/**
 * A server event that may pass the data channel.
 *
 * @category Live
 */
export interface LiveServerEventSelector {
  /** Type of the event, 1 to 256 characters. */
  readonly type: string;
  /** Type of the nested event, exactly when `type` is `response.event`. */
  readonly response_event?: string | undefined;
}

/**
 * The events that may pass the data channel of a WebRTC session, which an untrusted page holds.
 *
 * @category Live
 */
export interface LiveDataChannelConfig {
  /** Types of client events that the page may send, at most 256; `"all"` for all. */
  readonly allowed_client_events?: "all" | readonly string[] | undefined;
  /** Server events that the page may receive, at most 256; `"all"` for all. */
  readonly allowed_server_events?: "all" | readonly LiveServerEventSelector[] | undefined;
}

/**
 * Permissions of a page that holds the WebRTC connection.
 *
 * @category Live
 */
export interface LiveClientConfig {
  /** The data channel `oai-events`. */
  readonly data_channel: LiveDataChannelConfig;
}
