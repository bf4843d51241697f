import { assertEquals, assertThrows } from "@std/assert";
import { parseRecording } from "../../../src/simulator/recording/recording.ts";

Deno.test("parseRecording() reads recordings with and without times, and skips empty lines", () => {
  const lines = [
    { dir: "recv", at_ms: 4, event: { type: "session.created" } },
    { dir: "sent", event: { type: "response.create" } },
    { dir: "recv", frame: "not JSON" },
    { dir: "sent", frame: { base64: "AAE=" } },
    { dir: "close", code: 1001, reason: "late" },
    { dir: "close" },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join("\n\r\n");
  assertEquals(parseRecording(`\n${text}\n`) as unknown, lines);
});

Deno.test("parseRecording() names an invalid line", () => {
  const good = '{"dir":"sent","event":{}}\n';
  for (
    const [line, why] of [
      ["{", "is no JSON"],
      ["[]", "is no JSON object"],
      ['{"dir":"both","event":{}}', 'must have "recv", "sent" or "close" as dir'],
      ['{"dir":"sent","event":7}', "must have an object in event, or a string in frame"],
      ['{"dir":"sent"}', "must have an object in event, or a string in frame"],
      ['{"dir":"recv","frame":{"hex":"00"}}', "must have an object in event, or a string in frame"],
      ['{"dir":"sent","at_ms":"4","event":{}}', "must have a number in at_ms"],
    ] as const
  ) assertThrows(() => parseRecording(good + line), SyntaxError, `Cannot parse the recording as line 2 ${why}`);
});
