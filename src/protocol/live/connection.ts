// This module is browser compatible.

/**
 * Which connection of the Live API: the socket that starts a session, one that joins a running session, or one that
 * starts a session which continues a stored one. Each takes other client events.
 *
 * @category Live
 */
export type LiveConnection = "primary" | "sideband" | "fork";
