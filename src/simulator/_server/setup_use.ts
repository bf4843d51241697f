// This module is browser compatible.
import type { Fault } from "../faults.ts";
import type { Scenario, ScenarioResponse } from "../model/scenario.ts";
import type { RestFault } from "../rest_faults.ts";

/** What a test has set up, until a session uses it: the turns and responses of a scenario, and faults. */
export class SetupUse {
  /** Complaints about the parts that have not been used, by their keys. */
  readonly #unused = new Map<string, string>();
  /** Keys of those that have been. */
  readonly #used = new Set<string>();
  #injected = 0;

  /** Expects every turn of a scenario to be taken, and every response to be given; their keys are their paths. */
  expectScenario({ idle, opening, outOfBand = [], turns }: Scenario): void {
    this.#expectResponses([opening], () => "opening");
    for (const [index, turn] of turns.entries()) {
      const path = `turns[${index}]`;
      this.#expect(path, `${path} as the user has not taken it`);
      this.#expectResponses(turn.responses, (response) => `${path}.responses[${response}]`);
    }
    this.#expectResponses([idle], () => "idle");
    this.#expectResponses(outOfBand, (index) => `outOfBand[${index}]`);
  }

  /** Expects faults to occur, which are in a list of the options. */
  expectFaults(faults: readonly Fault[], path: string): void {
    for (const [index, fault] of faults.entries()) this.expectFault(fault, `${path}[${index}]`);
  }

  /**
   * Expects a fault to occur. Sessions that begin with the same fault share its key, even if a function created one for
   * each of them.
   *
   * @param path its path in the options; absent for an injected fault.
   * @returns its key.
   */
  expectFault(fault: Fault | RestFault, path: string = `injected fault ${++this.#injected}`): string {
    const place = "at" in fault ? fault.at : "route" in fault ? fault.route : undefined;
    const key = `${path} as ${fault.type} has not occurred${place === undefined ? "" : ` at ${place}`}`;
    this.#expect(key, key);
    return key;
  }

  /** The part with this key has been used. */
  use(key: string): void {
    this.#used.add(key);
    this.#unused.delete(key);
  }

  /** Gives the reason why a turn has not been taken. */
  explain(path: string, reason: string): void {
    if (this.#unused.has(path)) this.#unused.set(path, `${path} as ${reason}`);
  }

  /** @throws {Error} when a part has not been used by any session. */
  assert(): void {
    for (const complaint of this.#unused.values()) throw new Error(`Cannot confirm ${complaint}`);
  }

  #expect(key: string, complaint: string): void {
    if (!this.#used.has(key)) this.#unused.set(key, complaint);
  }

  #expectResponses(responses: readonly (ScenarioResponse | undefined)[], pathOf: (index: number) => string): void {
    for (const [index, response] of responses.entries()) {
      const path = pathOf(index);
      if (response) this.#expect(path, `${path} as the client has not requested it`);
    }
  }
}
