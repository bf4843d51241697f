import { assertEquals } from "@std/assert";
import {
  awaitsServer,
  expectsAnswer,
  FREE_SLOT,
  isFree,
  nextSlot,
  type Slot,
  type SlotEvent,
} from "../../../src/session/_responses/response_slot.ts";

type Event = SlotEvent<string>;

const asked = (response: string): Event => ({ type: "asked", response });
const began = (response: string, startedByServer = false): Event => ({ type: "began", response, startedByServer });
const ended = (response: string): Event => ({ type: "ended", response });
const wasTaken = (response: string): Event => ({ type: "wasTaken", response, deadline: 90 });
const passed = (now: number): Event => ({ type: "timePassed", now });
const SPEAKS: Event = { type: "speechStarted" };
const STOPPED: Event = { type: "speechStopped", deadline: 50 };
const COMMITTED: Event = { type: "turnCommitted", deadline: 70 };
const CLEARED: Event = { type: "speechStopped", deadline: 0 };

/** Events, and the slot after them: who has it, who asked for it, and until when the server may answer. */
const CASES: readonly (readonly [events: readonly Event[], slot: string])[] = [
  [[asked("a")], "- a 0"],
  [[asked("a"), asked("b")], "- a 0"],
  [[asked("a"), began("a")], "a - 0"],
  [[asked("a"), began("a"), ended("a")], "- - 0"],
  [[asked("a"), ended("a")], "- - 0"],
  [[asked("a"), ended("b")], "- a 0"],
  // The server was faster: the request is refused, or its response follows.
  [[asked("a"), began("s", true)], "s a 0"],
  [[asked("a"), began("s", true), ended("s")], "- a 0"],
  [[asked("a"), began("s", true), wasTaken("a")], "s - 0"],
  [[asked("a"), wasTaken("a")], "- - 90"],
  [[asked("a"), wasTaken("a"), passed(89)], "- - 90"],
  [[asked("a"), wasTaken("a"), passed(90)], "- - 0"],
  // The end of the first response was not reported.
  [[asked("a"), began("a"), began("s", true)], "s - 0"],
  // The user's turn.
  [[SPEAKS], "- - Infinity"],
  [[SPEAKS, asked("a")], "- - Infinity"],
  [[SPEAKS, passed(1e9)], "- - Infinity"],
  [[SPEAKS, CLEARED], "- - 0"],
  [[SPEAKS, STOPPED], "- - 50"],
  [[STOPPED], "- - 0"],
  [[SPEAKS, STOPPED, CLEARED], "- - 50"],
  [[SPEAKS, STOPPED, COMMITTED], "- - 70"],
  [[SPEAKS, STOPPED, COMMITTED, began("s", true)], "s - 0"],
  [[SPEAKS, STOPPED, COMMITTED, passed(70), asked("a")], "- a 0"],
  [[asked("a"), SPEAKS, began("a")], "a - Infinity"],
  [[asked("a"), SPEAKS, began("s", true)], "s a 0"],
  [[asked("a"), COMMITTED, began("a")], "a - 0"],
  [[asked("a"), began("a"), COMMITTED], "a - 0"],
  [[asked("a"), began("a"), SPEAKS, ended("a")], "- - Infinity"],
];

Deno.test("the slot of the conversation follows requests, responses and turns of the user", () => {
  for (const [events, expected] of CASES) {
    const slot = events.reduce<Slot<string>>(nextSlot, FREE_SLOT);
    const { asked = "-", answerUntil, busy = "-" } = slot;
    const name = events.map((event) => event.type).join(", ");
    assertEquals(`${busy} ${asked} ${answerUntil}`, expected, name);
    assertEquals(isFree(slot), expected === "- - 0", name);
    assertEquals(awaitsServer(slot), busy === "-" && answerUntil > 0, name);
    assertEquals(expectsAnswer(slot), answerUntil > 0 && answerUntil < Infinity, name);
  }
});
