// This module is browser compatible.

import { type Difference, firstDifference, show } from "./partial_match.ts";
import type { ClientEventPattern } from "../model/client_event_pattern.ts";
import type { Scenario } from "../model/scenario.ts";
import type { SimulatedFrame } from "../simulated_session.ts";

/** Maximum number of events listed in an error. */
const MAX_LISTED = 20;

/** An event that the client must send, and its place in the scenario. */
interface Expected {
  readonly path: string;
  readonly pattern: ClientEventPattern;
}

/** An event of the client. */
interface Sent {
  readonly type: string;
}

/** Compares the events of clients with the expectations of a scenario. */
export class Expectations {
  readonly #expected: readonly Expected[];
  readonly #sent = new Map<string, Sent[]>();

  constructor(scenario: Scenario | undefined) {
    this.#expected = scenario ? expectedIn(scenario) : [];
  }

  /** Records a frame. */
  see({ data, from, sessionId }: SimulatedFrame): void {
    if (this.#expected.length === 0 || sessionId === undefined) return;
    const sent = this.#sent.get(sessionId) ?? [];
    this.#sent.set(sessionId, sent);
    if (from !== "client" || typeof data !== "string") return;
    const event = read(data);
    // For unexpected events, mostly audio, the type is enough.
    sent.push(this.#expected.some(({ pattern }) => pattern.type === event.type) ? event : { type: event.type });
  }

  /** @throws {Error} when a session lacks an expected event, or when there was no session. */
  assert(): void {
    const [first] = this.#expected;
    if (first && this.#sent.size === 0) {
      throw new Error(`Cannot confirm ${first.path} as no session has been opened`);
    }
    for (const [sessionId, sent] of this.#sent) assertSent(this.#expected, sent, sessionId);
  }
}

function expectedIn({ expect = [], turns }: Scenario): Expected[] {
  const placed = (patterns: readonly ClientEventPattern[], path: string) =>
    patterns.map((pattern, index) => ({ path: `${path}expect[${index}]`, pattern }));
  return [...placed(expect, ""), ...turns.flatMap((turn, index) => placed(turn.expect ?? [], `turns[${index}].`))];
}

function read(frame: string): Sent {
  try {
    const event = JSON.parse(frame);
    if (typeof event?.type === "string") return event;
  } catch {
    // Listed by its description.
  }
  return { type: "no event" };
}

/** Finds the expected events in order; other events in between are ignored. */
function assertSent(expected: readonly Expected[], sent: readonly Sent[], sessionId: string): void {
  let from = 0;
  for (const { path, pattern } of expected) {
    const found = sent.findIndex((event, index) => index >= from && firstDifference(pattern, event) === undefined);
    if (found < 0) throw new Error(complaint({ path, pattern }, sent.slice(from), sessionId));
    from = found + 1;
  }
}

function complaint({ path, pattern }: Expected, rest: readonly Sent[], sessionId: string): string {
  const lines = [
    `Cannot confirm ${path} as the client has not sent it in session ${sessionId}`,
    `  expected: ${show(pattern)}`,
  ];
  const similar = rest.filter(({ type }) => type === pattern.type);
  for (const event of similar.slice(0, MAX_LISTED)) {
    const { actual, at, wanted } = firstDifference(pattern, event) as Difference;
    lines.push(`  a ${event.type} has at ${at}`, `    - ${wanted}`, `    + ${actual}`);
  }
  lines.push(`  sent since the previous expected event: ${listed(rest)}`);
  return lines.join("\n");
}

/** The types of events, with consecutive repetitions merged. */
function listed(events: readonly Sent[]): string {
  const runs: { type: string; times: number }[] = [];
  for (const { type } of events) {
    const last = runs.at(-1);
    if (last?.type === type) last.times++;
    else runs.push({ type, times: 1 });
  }
  const shown = runs.slice(0, MAX_LISTED).map(({ times, type }) => times === 1 ? type : `${type} (${times} times)`);
  if (runs.length > shown.length) shown.push("and so on");
  return shown.join(", ") || "nothing";
}
