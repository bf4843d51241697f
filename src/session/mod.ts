// This module is browser compatible.

/**
 * A conversation with a model over one connection: acknowledged commands, one response at a time, tools.
 *
 * @module
 */
export * from "./open_session.ts";
export * from "./response_handle.ts";
export * from "./session.ts";
export * from "./session_events.ts";
export * from "./session_options.ts";
export type { SessionChanges, SessionSettings } from "./session_settings.ts";
