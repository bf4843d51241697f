import { assertEquals } from "@std/assert";
import { SERVER_EVENT_TYPES } from "../../src/protocol/mod.ts";
import { isLocalEvent, type LocalEvent, type Session, type SessionEvent } from "../../src/session/mod.ts";
import type { VoiceEvent, VoiceSession } from "../../src/voice/mod.ts";
import { completionsIn } from "../_tools/completions.ts";

// Most checks in this file are done by the compiler: each function compiles only as long as the unions narrow.

/** Compiles with `true` when the types are the same, else with `false`. */
function isExactly<A, B>(_same: (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false) {}

function describe(event: SessionEvent): string {
  switch (event.type) {
    case "response.output_audio_transcript.delta":
      isExactly<typeof event.delta, string>(true);
      return event.delta;
    case "tool_call_failed":
      isExactly<typeof event.error, unknown>(true);
      return `${event.name}: ${event.error}`;
    case "turn":
      return `${event.doneMs} ms`;
    case "closed":
      return `${event.code} ${event.reason} ${event.clean}`;
    case "malformed_event":
      return `${event.raw}`;
    default:
      return event.type;
  }
}

function describeVoice(event: VoiceEvent): string {
  switch (event.type) {
    case "transcript_delta":
    case "user_transcript_delta":
      return event.delta;
    case "transcript_done":
      isExactly<typeof event.heardText, string | undefined>(true);
      return event.heardText ?? event.transcript;
    case "interrupted":
      return `${event.heardMs} ms`;
    case "error":
      return event.error.message;
    case "closed":
      return `${event.clean}`;
    default:
      return event.type;
  }
}

export function misspelt(event: SessionEvent, voiceEvent: VoiceEvent, session: Session, voice: VoiceSession): void {
  // @ts-expect-error no such type exists
  if (event.type === "tool_call_finished") return;
  // @ts-expect-error no such type exists
  if (event.type === "response.audio.delta") return;
  // @ts-expect-error no such type exists
  if (voiceEvent.type === "transcript.done") return;
  // @ts-expect-error before the type is known, no field of a single event is available
  event.delta;
  // @ts-expect-error before the type is known, no field of a single event is available
  voiceEvent.transcript;
  // @ts-expect-error the field belongs to another event
  if (event.type === "closed") event.error;
  // @ts-expect-error the field belongs to another event
  if (voiceEvent.type === "transcript_done") voiceEvent.delta;
  // @ts-expect-error no such event exists
  session.on("tool_call_finished", () => {});
  // @ts-expect-error no such event exists
  voice.on("transcript.done", () => {});
  session.on("closed", ({ clean }) => isExactly<typeof clean, boolean>(true));
  voice.on("interrupted", ({ heardText }) => isExactly<typeof heardText, string>(true));
}

const LOCAL: { readonly [T in LocalEvent["type"]]: unknown } = {
  closed: 1,
  context_truncated: 1,
  limit_reached: 1,
  reconnecting: 1,
  recovered: 1,
  renewed: 1,
  recovery_failed: 1,
  listener_failed: 1,
  part_failed: 1,
  tool_call_done: 1,
  tool_call_failed: 1,
  tool_call_started: 1,
  tool_call_unhandled: 1,
  tool_rounds_exceeded: 1,
  turn: 1,
};

const VOICE: { readonly [T in Exclude<VoiceEvent["type"], LocalEvent["type"]>]: unknown } = {
  audio_delta: 1,
  audio_done: 1,
  decode_error: 1,
  error: 1,
  interrupted: 1,
  lag: 1,
  playback_started: 1,
  playback_stopped: 1,
  response_cancelled: 1,
  response_created: 1,
  response_done: 1,
  speech_started: 1,
  speech_stopped: 1,
  text_delta: 1,
  text_done: 1,
  transcript_delta: 1,
  transcript_done: 1,
  user_transcript_delta: 1,
  user_transcript_done: 1,
  user_transcript_failed: 1,
};

Deno.test("session and voice session events narrow on their type", () => {
  const turn = { type: "turn", responseId: "r", responseCreatedMs: 1, firstAudioMs: undefined, doneMs: 5 } as const;
  assertEquals(describe(turn), "5 ms");
  assertEquals(describe({ type: "closed", code: 1000, reason: "", clean: true }), "1000  true");
  assertEquals(describeVoice({ type: "transcript_delta", itemId: "i", contentIndex: 0, delta: "Hi" }), "Hi");
  assertEquals(describeVoice(turn), "turn");
});

Deno.test("isLocalEvent() is true for every event that the session itself emits, and for no others", () => {
  for (const type of Object.keys(LOCAL)) assertEquals([type, isLocalEvent({ type })], [type, true]);
  for (const type of [...SERVER_EVENT_TYPES, ...Object.keys(VOICE)]) {
    assertEquals([type, isLocalEvent({ type })], [type, false]);
  }
});

Deno.test("session.events() offers types and fields to editor completion", () => {
  const preamble = `import type { SessionEvent } from "../../src/session/session_events.ts";
declare const event: SessionEvent;`;
  const types = [...SERVER_EVENT_TYPES, "malformed_event", ...Object.keys(LOCAL)].sort();
  assertEquals(completionsIn(preamble, `if (event.type === "|") {}`), types);
  assertEquals(completionsIn(preamble, `switch (event.type) { case "|": }`), types);
  assertEquals(completionsIn(preamble, `if (event.type === "closed") event.|`), ["clean", "code", "reason", "type"]);
  assertEquals(completionsIn(preamble, `if (event.type === "response.done") event.|`), [
    "event_id",
    "response",
    "type",
  ]);
  assertEquals(completionsIn(preamble, "event.|"), ["type"]);
});

Deno.test("voice.events() offers types and fields to editor completion", () => {
  const preamble = `import type { VoiceEvent } from "../../src/voice/voice_events.ts";
declare const event: VoiceEvent;`;
  const types = [...Object.keys(LOCAL), ...Object.keys(VOICE)].sort();
  assertEquals(completionsIn(preamble, `if (event.type === "|") {}`), types);
  assertEquals(completionsIn(preamble, `if (event.type === "lag") event.|`), ["droppedMs", "lagMs", "type"]);
  assertEquals(completionsIn(preamble, "event.|"), ["type"]);
});
