/**
 * Compares parsing and writing of events with the runtime's bare JSON, side by side in one run.
 *
 * ```sh
 * deno run tests/bench/protocol_bench.ts
 * bun run tests/bench/protocol_bench.ts
 * ```
 */
import {
  type ClientEvent,
  safeParseServerEvent,
  stringifyAudioAppend,
  stringifyClientEvent,
} from "../../src/protocol/mod.ts";
import server from "../fixtures/frames/server_events.json" with { type: "json" };
import { compare } from "./_compare.ts";
import { showTitle } from "./_figures.ts";

/** 100 ms of PCM16 at 24 000 Hz. */
const audio = btoa(Array.from({ length: 4800 }, (_, index) => String.fromCharCode(index * 37 % 256)).join(""));
const append: ClientEvent = { type: "input_audio_buffer.append", audio };
const delta = JSON.stringify({ ...server["response.output_audio.delta"].full, delta: audio });
const done = JSON.stringify(server["response.done"].full);

showTitle(`Events, ours to bare JSON: response.done of ${done.length} characters, audio of 4,800 bytes`);
compare({
  name: "safeParseServerEvent: audio delta",
  ours: () => safeParseServerEvent(delta),
  native: () => JSON.parse(delta),
  atMost: 1.6,
});
compare({
  name: "safeParseServerEvent: response.done, usage, two items",
  ours: () => safeParseServerEvent(done),
  native: () => JSON.parse(done),
  atMost: 3,
});
compare({
  name: "stringifyClientEvent: append, all characters checked",
  ours: () => stringifyClientEvent(append),
  native: () => JSON.stringify(append),
  atMost: 4,
});
compare({
  name: "stringifyAudioAppend: audio of our own encoder",
  ours: () => stringifyAudioAppend(audio),
  native: () => JSON.stringify(append),
  atMost: 1.3,
});
