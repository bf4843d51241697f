import { isWorkers } from "./workers_upgrade.ts";

/** Runs an action on the connections of a request. */
export type InOwnRequest = (act: () => void) => void;

/**
 * Creates the function that runs actions on the connections of the current request, for callers in other requests. On
 * Workers, the connections of a request can be used by no other: an action that the platform rejects for that reason is
 * run again in its own request, as soon as possible.
 */
export function ownRequest(report: (error: unknown) => void): InOwnRequest {
  if (!isWorkers()) return (act) => act();
  const actions: (() => void)[] = [];
  let wake = Promise.withResolvers<void>();
  const serve = async () => {
    for (;;) {
      // Workers continue this in the request that waits, whichever resolves the promise, as long as their
      // compatibility date is at least 2024-10-14.
      await wake.promise;
      wake = Promise.withResolvers();
      for (const act of actions.splice(0)) {
        try {
          act();
        } catch (error) {
          report(error);
        }
      }
    }
  };
  void serve();
  return (act) => {
    try {
      act();
    } catch (error) {
      if (!isOfAnotherRequest(error)) throw error;
      actions.push(act);
      wake.resolve();
    }
  };
}

/** Whether Workers have rejected an action because its connection belongs to another request, or Durable Object. */
export function isOfAnotherRequest(error: unknown): boolean {
  return error instanceof Error && error.message.includes("on behalf of a different ");
}

/**
 * Whether connections can outlive the request that opened them. On Workers, only those of a Durable Object can: its
 * requests share them. Hono is given the context of a request by a Worker, and by an object its state, if anything.
 */
export function outlivesRequest(lifetime: object | undefined): boolean {
  return !isWorkers() || lifetime === undefined || objectOf(lifetime) !== undefined;
}

/** The Durable Object of a request, identified by its storage; `undefined` if there is none, or it is unknown. */
export function objectOf(lifetime: object | undefined): unknown {
  return (lifetime as { readonly storage?: unknown } | undefined)?.storage;
}
