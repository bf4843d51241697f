// This module is browser compatible.
import { checkOptions } from "../../_internal/check_options.ts";
import type { Clock } from "../../_internal/clock.ts";
import { serverError } from "../_errors/server_error.ts";
import type { RestFault, RestStatusFault } from "../rest_faults.ts";

/** Members of each fault, besides those that all have, with the least and the most of their numbers. */
const MEMBERS: Readonly<Record<RestFault["type"], Readonly<Record<string, readonly [number, number]>>>> = {
  status: { status: [400, 599], retryAfterSeconds: [0, Infinity], retryAfterMs: [0, Infinity] },
  no_credit: {},
  slow: { ms: [0, Infinity] },
  malformed: { keep: [0, 1] },
  drop: {},
};
const TIMING = { type: 1, route: 1, skip: 1, times: 1 };

/** A fault that has not struck as often as it is to. */
interface Waiting {
  readonly fault: RestFault;
  skip: number;
  times: number;
}

/** What goes wrong with requests to the REST API. */
export class RestFaults {
  readonly #clock: Clock;
  #waiting: Waiting[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Sets a fault.
   *
   * @throws {TypeError} when there is no such fault, or no such member of it.
   * @throws {RangeError} when one of its numbers is missing or out of range.
   */
  add(fault: RestFault): void {
    checkRestFault(fault);
    this.#waiting.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  /** Answers a request to an endpoint, unless a fault strikes at it. */
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
        throw new ConnectionBroken("The connection broke, as a fault of the simulator wants");
      case "no_credit":
        throw serverError("no_credit");
      case "status":
        throw statusError(fault);
    }
  }

  #next(route: string): RestFault | undefined {
    const isFor = ({ fault }: Waiting) => fault.route === undefined || fault.route === route;
    const striking = this.#waiting.find((each) => isFor(each) && each.skip-- <= 0);
    if (!striking) return undefined;
    if (--striking.times <= 0) this.#waiting = this.#waiting.filter((each) => each !== striking);
    return striking.fault;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.schedule(resolve, ms));
  }
}

/** A request that gets no answer: it is not turned into one. */
export class ConnectionBroken extends TypeError {}

function checkRestFault(fault: RestFault): void {
  const { type } = fault;
  if (!Object.hasOwn(MEMBERS, type)) {
    const types = Object.keys(MEMBERS).join(", ");
    throw new TypeError(`Cannot set a REST fault as type must be one of ${types}: current value is ${type}`);
  }
  const ranges = { skip: [0, Infinity], times: [1, Infinity], ...MEMBERS[type] };
  checkOptions(`set the REST fault ${type}`, fault, { ...TIMING, ...MEMBERS[type] });
  for (const [name, [least = 0, most = Infinity]] of Object.entries(ranges)) {
    const value = (fault as unknown as Readonly<Record<string, number | undefined>>)[name];
    if (value === undefined && name !== "status" && name !== "ms") continue;
    if (value !== undefined && value >= least && value <= most) continue;
    const wanted = most === Infinity ? `>= ${least}` : `from ${least} to ${most}`;
    throw new RangeError(`Cannot set the REST fault ${type} as ${name} must be ${wanted}: current value is ${value}`);
  }
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
  if (status !== 429) return serverError("request_failed", {}, { headers, status });
  const seconds = retryAfterSeconds ?? (retryAfterMs === undefined ? 20 : retryAfterMs / 1000);
  return serverError("rate_limited", { retryAfter: seconds }, { headers });
}
