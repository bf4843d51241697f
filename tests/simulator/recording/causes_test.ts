import { assertEquals } from "@std/assert";
import { findCauses } from "../../../src/simulator/recording/_causes.ts";
import type { RecordedLine } from "../../../src/simulator/recording/recording.ts";

/** A line of each event: an event, its direction, and the line of its cause. */
type Case = readonly [dir: "sent" | "recv", event: Readonly<Record<string, unknown>>, cause?: number];

Deno.test("an event of a Live session is caused by audio, by the event that it names, or by the one that asks for it", () => {
  const decision = { type: "decision.event", delegation_id: null, source_event_id: null };
  const cases: readonly Case[] = [
    ["sent", { type: "session.start" }],
    ["recv", { type: "session.started" }, 0],
    ["sent", { type: "session.input_audio.append" }],
    ["sent", { type: "session.commentary.append", event_id: "a" }],
    ["sent", { type: "session.thinking.append", event_id: "b" }],
    ["recv", { type: "error", client_event_id: "b" }, 4],
    ["recv", { type: "session.commentary.appended", client_event_id: "a" }, 3],
    ["recv", { type: "session.output_audio.delta" }, 2],
    ["recv", { type: "session.input_transcript.delta" }, 2],
    ["recv", { type: "session.delegation.created" }, 2],
    ["recv", { ...decision, delegation_id: "d" }],
    ["sent", { type: "decision.create", event_id: "c" }],
    ["recv", decision, 11],
    ["recv", { ...decision, source_event_id: "e" }],
    ["sent", { type: "response.create" }],
    ["recv", { type: "response.event", event: { type: "response.created" } }, 14],
    ["recv", { type: "response.event", event: { type: "response.completed" } }],
    ["sent", { type: "session.mute", event_id: "m" }],
    ["sent", { type: "nothing.known" }],
    ["recv", { type: "error", error: { client_event_id: "m" } }, 17],
    ["recv", { type: "error", error: { message: "?" } }, 18],
    ["recv", { type: "session.usage.updated" }],
    ["sent", { type: "session.close" }],
    ["recv", { type: "session.closed" }, 22],
  ] as const;
  const lines = cases.map(([dir, event], t) => ({ dir, t, event })) as unknown as RecordedLine[];
  const causes = findCauses(lines, new Map());
  assertEquals(cases.map((_, line) => causes.get(line)), cases.map(([, , cause]) => cause));
});
