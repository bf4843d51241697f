import { assertAlmostEquals, assertEquals } from "@std/assert";
import { speakingRate } from "../../../src/voice/_media/speaking_rate.ts";

Deno.test("speakingRate() starts at the rate of English, and adapts with the length of the heard speech", () => {
  assertEquals(speakingRate({ letters: 0, ms: 0 }), 0.015);
  // A short answer, whether it is mostly silence or very fast, changes it by at most a sixth.
  assertAlmostEquals(speakingRate({ letters: 17, ms: 2900 }), 0.01295, 0.00001);
  assertAlmostEquals(speakingRate({ letters: 30, ms: 1000 }), 0.01636, 0.00001);
  // A minute counts six times as much as the assumption, and an hour replaces it.
  assertAlmostEquals(speakingRate({ letters: 300, ms: 60_000 }), 0.00643, 0.00001);
  assertAlmostEquals(speakingRate({ letters: 18_000, ms: 3_600_000 }), 0.005, 0.0001);
});
