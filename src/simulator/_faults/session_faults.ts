// This module is browser compatible.
import type { Socket } from "../../transport/socket.ts";
import type { Fault } from "../faults.ts";
import { checkList } from "../_server/check_list.ts";
import type { SetupUse } from "../_server/setup_use.ts";
import { checkFault } from "./check_fault.ts";
import { FaultLine, type FaultLineOptions } from "./fault_line.ts";
import { isModelFault, type LineFault } from "./line_fault.ts";
import { ModelFaults } from "./model_faults.ts";

/** Dependencies of {@linkcode SessionFaults}. */
export interface SessionFaultsOptions extends Omit<FaultLineOptions, "onStrike"> {
  /** Learns which faults occur. */
  readonly setup: SetupUse;
}

/** Faults of one session: on the lines to its clients, and of its model. */
export class SessionFaults {
  /** Faults of its model. */
  readonly model: ModelFaults;
  readonly #options: FaultLineOptions;
  readonly #setup: SetupUse;
  readonly #lines = new Set<FaultLine>();
  #ofEveryLine: readonly LineFault[] = [];

  constructor({ setup, ...options }: SessionFaultsOptions) {
    this.#setup = setup;
    const onStrike = (fault: Fault) => setup.use(fault);
    this.#options = { ...options, onStrike };
    this.model = new ModelFaults(onStrike);
  }

  /**
   * Sets the initial faults of the session, on every future line.
   *
   * @throws {TypeError} when a fault is unknown.
   * @throws {RangeError} when one of its numbers is missing or out of range.
   */
  begin(faults: readonly Fault[]): void {
    checkList("the value that faults returns", faults ?? null);
    faults.forEach(checkFault);
    for (const [index, fault] of faults.entries()) this.#setup.expectFault(fault, `faults[${index}]`);
    this.#ofEveryLine = faults.filter((fault) => !isModelFault(fault));
    for (const fault of faults) if (isModelFault(fault)) this.model.add(fault);
  }

  /** Sets a fault on the current lines; throws like {@linkcode begin}. */
  add(fault: Fault): void {
    checkFault(fault);
    if (isModelFault(fault)) this.model.add(fault);
    else for (const line of this.#lines) line.add(fault);
  }

  /** Creates the line to a client from its socket; the client's end of the socket is not changed. */
  lineTo(socket: Socket): FaultLine {
    const line = new FaultLine(socket, this.#options);
    this.#lines.add(line);
    for (const fault of this.#ofEveryLine) line.add(fault);
    return line;
  }
}
