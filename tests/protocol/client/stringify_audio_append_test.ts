import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  InvalidEventError,
  MAX_APPEND_BYTES,
  stringifyAudioAppend,
  stringifyClientEvent,
} from "../../../src/protocol/mod.ts";

Deno.test("stringifyAudioAppend() returns the same text as stringifyClientEvent()", () => {
  assertEquals(
    stringifyAudioAppend("AAAB"),
    stringifyClientEvent({ type: "input_audio_buffer.append", audio: "AAAB" }),
  );
  assertEquals(JSON.parse(stringifyAudioAppend("AA==", "mine_1")), {
    type: "input_audio_buffer.append",
    audio: "AA==",
    event_id: "mine_1",
  });
});

Deno.test("stringifyAudioAppend() rejects more than 15 MiB", () => {
  const most = "AAAA".repeat(MAX_APPEND_BYTES / 3);
  assert(stringifyAudioAppend(most).length > most.length);
  const error = assertThrows(() => stringifyAudioAppend(`${most}AA==`), InvalidEventError);
  assertEquals(
    error.message,
    "Cannot send input_audio_buffer.append as audio must have at most 15728640 bytes: current value has 15728641",
  );
});

Deno.test("stringifyAudioAppend() rejects an event_id of more than 512 characters", () => {
  assert(stringifyAudioAppend("AAAA", "x".repeat(512)));
  const error = assertThrows(() => stringifyAudioAppend("AAAA", "x".repeat(513)), InvalidEventError);
  assertEquals(error.path, "event_id");
});
