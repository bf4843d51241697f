// This module is browser compatible.

/**
 * Calls a function of the application, and reports what goes wrong in it, be it at once or later: a rejection that nobody
 * handles would end the process.
 */
export function callListener(listener: () => unknown, report: (error: unknown) => void): void {
  try {
    const result = listener();
    if (result instanceof Promise) result.catch(report);
  } catch (error) {
    report(error);
  }
}
