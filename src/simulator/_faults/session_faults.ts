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
  readonly #keys = new WeakMap<Fault, string>();
  readonly #lines = new Set<FaultLine>();
  #ofEveryLine: readonly LineFault[] = [];

  constructor({ setup, ...options }: SessionFaultsOptions) {
    this.#setup = setup;
    const onStrike = (fault: Fault) => setup.use(this.#keys.get(fault)!);
    this.#options = { ...options, onStrike };
    this.model = new ModelFaults(onStrike);
  }

  /**
   * Sets the initial faults of the session, on every future line.
   *
   * @param path path of the list in the options.
   * @throws {TypeError} when a fault is unknown.
   * @throws {RangeError} when one of its numbers is missing or out of range.
   */
  begin(faults: readonly Fault[], path: string): void {
    checkList("the value that faults returns", faults ?? null);
    faults.forEach(checkFault);
    const own = faults.map((fault, index) => this.#expected(fault, `${path}[${index}]`));
    this.#ofEveryLine = own.filter((fault) => !isModelFault(fault));
    for (const fault of own) if (isModelFault(fault)) this.model.add(fault);
  }

  /** Sets a fault on the current lines; throws like {@linkcode begin}. */
  add(fault: Fault): void {
    checkFault(fault);
    const own = this.#expected(fault);
    if (isModelFault(own)) this.model.add(own);
    else for (const line of this.#lines) line.add(own);
  }

  /** Creates the line to a client from its socket; the client's end of the socket is not changed. */
  lineTo(socket: Socket): FaultLine {
    const line = new FaultLine(socket, this.#options);
    this.#lines.add(line);
    for (const fault of this.#ofEveryLine) line.add(fault);
    return line;
  }

  /** A copy of a fault that is expected to occur: one object may be in a list twice. */
  #expected(fault: Fault, path?: string): Fault {
    const own = { ...fault };
    this.#keys.set(own, this.#setup.expectFault(own, path));
    return own;
  }
}
