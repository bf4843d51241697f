// This module is browser compatible.
import type { Fault } from "../faults.ts";
import type { Scenario, ScenarioResponse, ScenarioTurn } from "../model/scenario.ts";
import type { RestFault } from "../rest_faults.ts";

/** What a test has set up, until a session uses it: the turns and responses of a scenario, and faults. */
export class SetupUse {
  readonly #unused = new Map<object, string>();
  readonly #used = new WeakSet<object>();

  /** Expects every turn of a scenario to be taken, and every response to be given. */
  expectScenario({ idle, opening, outOfBand = [], turns }: Scenario): void {
    this.#expectResponses([opening], () => "opening");
    for (const [index, turn] of turns.entries()) {
      const path = `turns[${index}]`;
      this.#expect(turn, `${path} as the user has not taken it`);
      this.#expectResponses(turn.responses, (response) => `${path}.responses[${response}]`);
    }
    this.#expectResponses([idle], () => "idle");
    this.#expectResponses(outOfBand, (index) => `outOfBand[${index}]`);
  }

  /** Expects a fault to occur. */
  expectFault(fault: Fault | RestFault, path: string): void {
    const place = "at" in fault ? fault.at : "route" in fault ? fault.route : undefined;
    this.#expect(fault, `${path} as ${fault.type} has not occurred${place === undefined ? "" : ` at ${place}`}`);
  }

  /** A part has been used. */
  use(part: object): void {
    this.#used.add(part);
    this.#unused.delete(part);
  }

  /** A typed message has not taken a turn that waits for another text. */
  miss(turn: ScenarioTurn, message: string): void {
    const complaint = this.#unused.get(turn);
    if (complaint === undefined) return;
    const [path] = complaint.split(" ");
    const words = `no message contains ${JSON.stringify(turn.match)}: the last one is ${JSON.stringify(message)}`;
    this.#unused.set(turn, `${path} as ${words}`);
  }

  /** @throws {Error} when a part has not been used by any session. */
  assert(): void {
    for (const complaint of this.#unused.values()) throw new Error(`Cannot confirm ${complaint}`);
  }

  #expect(part: object, complaint: string): void {
    if (!this.#used.has(part)) this.#unused.set(part, complaint);
  }

  #expectResponses(responses: readonly (ScenarioResponse | undefined)[], pathOf: (index: number) => string): void {
    for (const [index, response] of responses.entries()) {
      if (response) this.#expect(response, `${pathOf(index)} as the client has not requested it`);
    }
  }
}
