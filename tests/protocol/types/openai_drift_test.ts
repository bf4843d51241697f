import { assertEquals } from "@std/assert";
import type { EventDifference, ItemDifference, RestDifference, SessionDifference } from "./_openai_types.ts";
import type { InboundDifference, OutboundDifference } from "./_type_difference.ts";

// Compiles as long as our types and those of the npm package openai differ exactly as listed, with reasons. The
// compiler reports a new field there as missing from a list, and one that now agrees as superfluous.

const RECORDED = "the recordings show it";
const SHARED = "one type of ours serves several places";
const FLAT = "our one shape for all kinds has the fields of each";
const KIND = "the kind is always there, and tells what the rest is";

const EVENTS: Record<EventDifference, string> = {
  "conversation.item.create.previous_item_id may be null in ours": "events of the server have it null",
  "conversation.item.input_audio_transcription.completed.usage.input_token_details.image_tokens is only in ours":
    SHARED,
  "conversation.item.input_audio_transcription.delta.obfuscation is only in ours": RECORDED,
  "response.function_call_arguments.delta.obfuscation is only in ours": RECORDED,
  "response.output_audio_transcript.delta.obfuscation is only in ours": RECORDED,
  "response.output_text.delta.obfuscation is only in ours": RECORDED,
};

const AGENTS = "OpenAI's own @openai/agents-realtime sends it without one";
const EMPTY = "a part without its content says nothing";

const ITEMS: Record<ItemDifference, string> = {
  "received assistant.phase is only in ours": RECORDED,
  "received content.type is required in ours": KIND,
  "received mcp_call.error.code is optional in ours": FLAT,
  "sent assistant content.text is required in ours": EMPTY,
  "sent assistant content.type is required in ours": KIND,
  "sent mcp_approval_response.id is optional in ours": AGENTS,
  "sent system content.text is required in ours": EMPTY,
  "sent system content.type is required in ours": KIND,
  "sent user content.audio is required in ours": EMPTY,
  "sent user content.image_url is required in ours": EMPTY,
  "sent user content.text is required in ours": EMPTY,
  "sent user content.type is required in ours": KIND,
};

const NULL = "null switches it off, and the documentation says so";
const NEEDED = "the API refuses the configuration without it";
const TAKEN = "a recorded client sends null, and the API takes it";
const EITHER = "theirs has it in the answer to a client secret only";

const SESSIONS: Record<SessionDifference, string> = {
  "received realtime.audio.input.format.type is required in ours": KIND,
  "received realtime.audio.output.format.type is required in ours": KIND,
  "received realtime.id is optional in ours": EITHER,
  "received realtime.object is optional in ours": EITHER,
  "received realtime.tool_choice.server_label is optional in ours": FLAT,
  "received realtime.truncation.retention_ratio is optional in ours": FLAT,
  "received response.audio.output.format.type is required in ours": KIND,
  "received response.audio.output.voice may be object in ours": SHARED,
  "received response.usage.output_token_details.image_tokens is only in ours": SHARED,
  "received response.usage.output_token_details.reasoning_tokens is only in ours": RECORDED,
  "received tool.type is required in ours": KIND,
  "received transcription.audio.input.format.type is required in ours": KIND,
  "received transcription.audio.input.turn_detection.type is required in ours": KIND,
  "received transcription.audio.output is only in ours": SHARED,
  "received transcription.id is optional in ours": EITHER,
  "received transcription.object is optional in ours": EITHER,
  "received translation.audio.input.noise_reduction.type is optional in ours": SHARED,
  "sent realtime.audio.input.format.type is required in ours": KIND,
  "sent realtime.audio.input.noise_reduction may be null in ours": NULL,
  "sent realtime.audio.input.format.rate is required in ours": NEEDED,
  "sent realtime.audio.input.transcription may be null in ours": NULL,
  "sent realtime.audio.input.transcription.model is required in ours": NEEDED,
  "sent realtime.audio.output.format.rate is required in ours": NEEDED,
  "sent realtime.audio.output.format.type is required in ours": KIND,
  "sent realtime.reasoning may be null in ours": TAKEN,
  "sent response.audio.output.format.rate is required in ours": NEEDED,
  "sent response.audio.output.format.type is required in ours": KIND,
  "sent tool.name is required in ours": "a function without a name cannot be called",
  "sent tool.type is required in ours": KIND,
  "sent transcription.audio.input.format.type is required in ours": KIND,
  "sent response.instructions may be null in ours": TAKEN,
  "sent transcription.audio.input.format.rate is required in ours": NEEDED,
  "sent transcription.audio.input.transcription.model is required in ours": NEEDED,
  "sent transcription.audio.input.noise_reduction may be null in ours": NULL,
  "sent transcription.audio.input.transcription may be null in ours": NULL,
};

// The body that accepts a call has the settings of a session.
const REST: Record<RestDifference, string> = {
  "sent realtime.audio.input.format.type is required in ours": KIND,
  "sent realtime.audio.input.noise_reduction may be null in ours": NULL,
  "sent realtime.audio.input.format.rate is required in ours": NEEDED,
  "sent realtime.audio.input.transcription may be null in ours": NULL,
  "sent realtime.audio.input.transcription.model is required in ours": NEEDED,
  "sent realtime.audio.output.format.rate is required in ours": NEEDED,
  "sent realtime.reasoning may be null in ours": TAKEN,
  "sent realtime.audio.output.format.type is required in ours": KIND,
};

Deno.test("our types differ from those of openai only where the lists say", () => {
  for (const list of [EVENTS, ITEMS, SESSIONS, REST]) {
    assertEquals(Object.values<string>(list).filter((reason) => reason === ""), []);
  }
});

Deno.test("InboundDifference and OutboundDifference detect every kind of difference", () => {
  interface Ours {
    readonly same?: string | null | undefined;
    readonly mine: string;
    readonly must: number;
    readonly may?: number | undefined;
    readonly kind: string;
    readonly word: "a" | "b";
    readonly list: readonly { readonly deep: 1 | string }[];
    readonly none: string | null;
  }
  interface Theirs {
    same?: string;
    their: string;
    must?: number;
    may: number;
    kind: number;
    word: "b" | "c";
    list: { deep: string; fresh?: boolean }[];
    none: string;
  }
  const common: Record<InboundDifference<Ours, Theirs, "x">, true> = {
    "x.mine is only in ours": true,
    "x.their is only in theirs": true,
    "x.must is required in ours": true,
    "x.may is optional in ours": true,
    "x.kind may be string in ours": true,
    "x.kind may be number in theirs": true,
    'x.word may be "a" in ours': true,
    'x.word may be "c" in theirs': true,
    "x.list[].deep may be number in ours": true,
    "x.list[].fresh is only in theirs": true,
  };
  const sent: Record<Exclude<OutboundDifference<Ours, Theirs, "x">, keyof typeof common>, true> = {
    "x.same may be null in ours": true,
    "x.none may be null in ours": true,
    "x.kind may be any word in ours": true,
  };
  assertEquals(Object.keys({ ...common, ...sent }).length, 13);
});
