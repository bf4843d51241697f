// This module is browser compatible.

/** The model's arguments do not match the tool's schema. The model reads the message, and can correct itself. */
export class ArgumentsError extends TypeError {}
