// This module is browser compatible.
import { closestName } from "../../_internal/closest_name.ts";
import type { Clock } from "../../_internal/clock.ts";
import { serverError } from "../_errors/server_error.ts";
import type { RestFault, RestRoute, RestStatusFault } from "../rest_faults.ts";
import type { SetupUse } from "../_server/setup_use.ts";
import { checkMembers, countFrom, type MemberRule, numberFrom, required } from "./fault_members.ts";

/** Operation of each endpoint: without credit, calls are rejected, and everything else continues. */
const ROUTES: Readonly<Record<RestRoute, "calls" | "else">> = {
  "/realtime/client_secrets": "else",
  "/realtime/calls": "calls",
  "/realtime/calls/{call_id}/accept": "else",
  "/realtime/calls/{call_id}/reject": "else",
  "/realtime/calls/{call_id}/refer": "else",
  "/realtime/calls/{call_id}/hangup": "else",
  "/realtime/translations/client_secrets": "else",
  "/realtime/translations/calls": "calls",
  "/realtime/translations/calls/{call_id}/hangup": "else",
  "/live/sessions": "calls",
  "/live/sessions/{call_id}/fork": "calls",
  "/live/sessions/{call_id}/accept": "else",
  "/live/sessions/{call_id}/reject": "else",
  "/live/sessions/{call_id}/refer": "else",
  "/live/sessions/{call_id}/hangup": "else",
};

const ROUTE: MemberRule = {
  mistakeOf(value) {
    if (Object.hasOwn(ROUTES, String(value))) return undefined;
    const closest = closestName(String(value), Object.keys(ROUTES));
    return { kind: TypeError, wanted: `an endpoint${closest === undefined ? "" : `, such as ${closest}`}` };
  },
};
const TIMING = { route: ROUTE, skip: countFrom(0), times: countFrom(1) };

/** The members of each fault. */
const MEMBERS: Readonly<Record<RestFault["type"], Readonly<Record<string, MemberRule>>>> = {
  status: {
    ...TIMING,
    status: required(countFrom(400, 599)),
    retryAfterSeconds: numberFrom(0),
    retryAfterMs: numberFrom(0),
  },
  no_credit: TIMING,
  slow: { ...TIMING, ms: required(numberFrom(0)) },
  malformed: { ...TIMING, keep: numberFrom(0, 1) },
  drop: TIMING,
};

/** A fault with its remaining count. */
interface Waiting {
  readonly fault: RestFault;
  readonly key: string;
  skip: number;
  times: number;
}

/** Faults of requests to the REST API. */
export class RestFaults {
  readonly #clock: Clock;
  readonly #setup: SetupUse;
  #waiting: Waiting[] = [];

  constructor(clock: Clock, setup: SetupUse) {
    this.#clock = clock;
    this.#setup = setup;
  }

  /**
   * Sets a fault.
   *
   * @param path its path in the options; absent for an injected fault.
   * @throws {TypeError} when the fault, or a member of it, is unknown.
   * @throws {RangeError} when one of its numbers is missing or out of range.
   */
  add(fault: RestFault, path?: string): void {
    checkMembers("REST fault", fault, MEMBERS);
    const key = this.#setup.expectFault(fault, path);
    this.#waiting.push({ fault, key, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  /** Answers a request to an endpoint, unless a fault applies to it. */
  async answer(route: string, respond: () => Promise<Response>): Promise<Response> {
    const fault = this.#next(route);
    switch (fault?.type) {
      case undefined:
        return await respond();
      case "slow":
        await this.#sleep(fault.ms);
        return await respond();
      case "malformed":
        return await cutOff(await respond(), fault.keep ?? 0.5);
      case "drop":
        throw new ConnectionBroken("The connection broke because of a fault of the simulator");
      case "no_credit":
        throw serverError("no_credit");
      case "status":
        throw statusError(fault);
    }
  }

  #next(route: string): RestFault | undefined {
    const striking = this.#waiting.find((each) => strikesAt(route, each.fault) && each.skip-- <= 0);
    if (!striking) return undefined;
    if (--striking.times <= 0) this.#waiting = this.#waiting.filter((each) => each !== striking);
    this.#setup.use(striking.key);
    return striking.fault;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.schedule(resolve, ms));
  }
}

/** A request without a response: it is not converted to one. */
export class ConnectionBroken extends TypeError {}

/** Whether a fault applies to an endpoint. */
function strikesAt(endpoint: string, { route, type }: RestFault): boolean {
  if (route !== undefined) return route === endpoint;
  return type !== "no_credit" || ROUTES[endpoint as RestRoute] === "calls";
}

async function cutOff(response: Response, keep: number): Promise<Response> {
  const text = await response.text();
  return new Response(text.slice(0, Math.floor(text.length * keep)), response);
}

function statusError({ retryAfterMs, retryAfterSeconds, status }: RestStatusFault): Error {
  const headers = {
    ...retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) },
    ...retryAfterMs !== undefined && { "retry-after-ms": String(retryAfterMs) },
  };
  if (status !== 429) return serverError(status < 500 ? "request_refused" : "request_failed", {}, { headers, status });
  const seconds = retryAfterSeconds ?? (retryAfterMs === undefined ? 20 : retryAfterMs / 1000);
  return serverError("rate_limited", { retryAfter: seconds }, { headers });
}
