// This module is browser compatible.

/** How the server ends a session that has lasted for its maximum duration. */
export const EXPIRY = { code: 1001, reason: "Your session hit the maximum duration of 60 minutes." } as const;
