// This module is browser compatible.

/**
 * Type of a connection to the Live API: the socket that starts a session, one that joins a running session, or one that
 * starts a session which continues a stored one. Each accepts different client events.
 *
 * @category Live
 */
export type LiveConnection = "primary" | "sideband" | "fork";
