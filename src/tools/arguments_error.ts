// This module is browser compatible.

/** The arguments that the model wrote do not fit the tool's schema. The model reads the message, and can correct itself. */
export class ArgumentsError extends TypeError {}
