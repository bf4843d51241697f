// This module is browser compatible.

/**
 * A conversation with a model over one connection: acknowledged commands, one response at a time, tools.
 *
 * @module
 */
export * from "./open_session.ts";
export { MAX_KEPT_CHARACTERS, type ResponseHandle, type ResponseOutcome } from "./response_handle.ts";
export * from "./session.ts";
export * from "./session_events.ts";
export type { SessionChanges, SessionSettings } from "./session_settings.ts";
