import { assertEquals } from "@std/assert";
import {
  type IncomingServerEvent,
  type IncomingTranslationServerEvent,
  isUnknownServerEvent,
  type LooseServerEvent,
  parseServerEvent,
  type RealtimeResponse,
  type UnknownServerEvent,
} from "../../../src/protocol/mod.ts";

// Most checks in this file are done by the compiler: each function compiles only as long as the unions narrow.

/** Compiles with `true` when the types are the same, else with `false`. */
function isExactly<A, B>(_same: (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false) {}

function describe(event: IncomingServerEvent): string {
  switch (event.type) {
    case "response.done": {
      isExactly<typeof event.response, RealtimeResponse>(true);
      return `${event.response.status} ${event.response.output?.length}`;
    }
    case "response.output_text.delta":
      return event.delta;
    case "conversation.item.done":
      if (event.item.type === "function_call") return `${event.item.name}(${event.item.arguments})`;
      if (event.item.type === "message" && event.item.role === "user") {
        for (const part of event.item.content) if (part.type === "input_image") return part.image_url ?? "";
      }
      return event.item.type;
    case "session.created":
      return event.session.type === "realtime" ? event.session.model ?? "" : "no conversation";
    case "conversation.item.input_audio_transcription.completed":
      return event.usage.type === "duration" ? `${event.usage.seconds} s` : event.transcript;
    case "malformed_event":
      return event.issues.map(({ rule }) => rule.kind === "range" ? `${rule.min} to ${rule.max}` : rule.kind).join();
    default:
      return event.type;
  }
}

function misspelt(event: IncomingServerEvent): void {
  // @ts-expect-error no such type exists
  if (event.type === "respons.done") return;
  if (event.type === "response.done") {
    // @ts-expect-error no such field exists
    event.respons;
    // @ts-expect-error the field belongs to another event
    event.delta;
  }
  // @ts-expect-error before the type is known, no field of a single event is available
  event.response;
  if (event.type === "conversation.item.done") {
    // @ts-expect-error no such kind of item exists
    if (event.item.type === "function-call") return;
  }
  // @ts-expect-error a type of unknown events is compared as a string, or by isUnknownServerEvent()
  if (event.type === "ping") return;
}

function translated(event: IncomingTranslationServerEvent): string {
  if (event.type === "session.output_transcript.delta") return event.delta;
  // @ts-expect-error it is an event of another product
  if (event.type === "response.done") return "";
  return event.type;
}

function unknown(event: IncomingServerEvent): string {
  const type: string = event.type;
  if (type === "ping") return "a ping";
  if (!isUnknownServerEvent(event)) return "known";
  isExactly<typeof event, UnknownServerEvent>(true);
  isExactly<typeof event.delta, unknown>(true);
  return `unknown ${event.type}`;
}

function loose(event: LooseServerEvent<"response.done">): string {
  isExactly<typeof event.type, "response.done">(true);
  // @ts-expect-error other servers may omit it
  const _unsafe = () => event.response.status;
  return event.response?.output?.[0]?.type ?? event.type;
}

Deno.test("unions of events, items, parts, sessions and rules narrow on their discriminants", () => {
  const item = (fields: object) => parseServerEvent(JSON.stringify({ type: "conversation.item.done", item: fields }));
  assertEquals(
    [
      parseServerEvent(`{"type":"response.done","response":{"status":"completed","output":[]}}`),
      parseServerEvent(`{"type":"response.output_text.delta","delta":"Hello"}`),
      item({ type: "function_call", name: "f", arguments: "{}" }),
      item({ type: "message", role: "user", content: [{ type: "input_image", image_url: "data:," }] }),
      item({ type: "hologram" }),
      parseServerEvent(`{"type":"session.created","session":{"type":"realtime","model":"m"}}`),
      parseServerEvent(`{"type":"error","error":7}`),
      parseServerEvent(`{"type":"ping"}`),
    ].map(describe),
    ["completed 0", "Hello", "f({})", "data:,", "hologram", "m", "type", "ping"],
  );
  assertEquals(misspelt(parseServerEvent(`{"type":"error"}`)), undefined);
  assertEquals(translated({ type: "session.output_transcript.delta", event_id: "e", delta: "Hallo" }), "Hallo");
  assertEquals(loose({ type: "response.done" }), "response.done");
});

Deno.test("isUnknownServerEvent() narrows to unknown types, and to a given type name", () => {
  const frames = [
    `{"type":"ping"}`,
    `{"type":"response.text.delta"}`,
    `{"type":"error"}`,
    `{"type":"error","error":7}`,
  ];
  assertEquals(frames.map((frame) => unknown(parseServerEvent(frame))), [
    "a ping",
    "unknown response.text.delta",
    "known",
    "known",
  ]);
  const [ping, , error, malformed] = frames.map(parseServerEvent);
  assertEquals(
    [ping, ping, error, malformed].map((event, index) => isUnknownServerEvent(event!, ["ping", "pong"][index])),
    [
      true,
      false,
      false,
      false,
    ],
  );
  assertEquals(isUnknownServerEvent(error!, "error"), false);
});
