// This module is browser compatible.
import type { Socket } from "../../transport/socket.ts";
import type { SimulatedModel } from "../model/simulated_model.ts";
import type { Fault, LineFault, RateLimitFault } from "../faults.ts";
import type { PlannedOutcome } from "../model/reply_plan.ts";
import { checkFault } from "./check_fault.ts";
import { FaultLine, type FaultLineOptions } from "./fault_line.ts";

/** A rate limit that has not struck as often as it is to. */
interface Limit {
  readonly fault: RateLimitFault;
  skip: number;
  times: number;
}

/** What goes wrong in one session: on the lines to its clients, and with its model. */
export class SessionFaults {
  readonly #options: FaultLineOptions;
  readonly #lines = new Set<FaultLine>();
  #ofEveryLine: readonly LineFault[] = [];
  #limits: Limit[] = [];

  constructor(options: FaultLineOptions) {
    this.#options = options;
  }

  /**
   * Sets the faults that the session begins with, on every line that there will be.
   *
   * @throws {TypeError} when there is no such fault.
   * @throws {RangeError} when one of its numbers is missing or out of range.
   */
  begin(faults: readonly Fault[]): void {
    faults.forEach(checkFault);
    this.#ofEveryLine = faults.filter((fault) => fault.type !== "rate_limit");
    for (const fault of faults) if (fault.type === "rate_limit") this.add(fault);
  }

  /** Sets a fault on the lines that there are; throws like {@linkcode begin}. */
  add(fault: Fault): void {
    checkFault(fault);
    if (fault.type !== "rate_limit") { for (const line of this.#lines) line.add(fault); }
    else this.#limits.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  /** Makes the line to a client of its socket; the client's end of the socket is left as it is. */
  lineTo(socket: Socket): Socket {
    const line = new FaultLine(socket, this.#options);
    this.#lines.add(line);
    for (const fault of this.#ofEveryLine) line.add(fault);
    return line;
  }

  /** Makes a mind that runs into the limits that are set. */
  limit(simulatedModel: SimulatedModel): SimulatedModel {
    const { listTools, translate } = simulatedModel;
    return {
      hear: (audio, itemId) => simulatedModel.hear(audio, itemId),
      reply: (context) => {
        const outcome = this.#nextOutcome();
        return outcome ? { outputs: [], outcome } : simulatedModel.reply(context);
      },
      ...listTools && { listTools: listTools.bind(simulatedModel) },
      ...translate && { translate: translate.bind(simulatedModel) },
    };
  }

  #nextOutcome(): PlannedOutcome | undefined {
    const limit = this.#limits.find((each) => each.skip-- <= 0);
    if (!limit) return undefined;
    if (--limit.times <= 0) this.#limits = this.#limits.filter((each) => each !== limit);
    const message = "Rate limit reached for requests. Please try again in 20s.";
    return { status: limit.fault.refuses ? "refused" : "failed", code: "rate_limit_exceeded", message };
  }
}
